/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The members that a file's path is put together from (fs/d_path.c); looked up once for many. */
#ifndef RAMWALK_LINUX_TASKS_PATH_H
#define RAMWALK_LINUX_TASKS_PATH_H

#include "linux/types/object.h"

struct path_fields {
    struct field mnt, dentry, inode, mode; /* struct file */
    struct field user_mnt, user_dentry;    /* struct backing_file: what overlayfs shows */
    struct field parent, name, name_length, unhashed, super, operations, of_inode; /* dentry */
    struct field of_name;                                      /* dentry_operations.d_dname */
    struct field mount_root, mount_in, mount_parent, mount_at; /* vfsmount, struct mount */
    struct field number, super_of_inode, aliases, alias;       /* inode */
    struct field device, type, root, type_name;                /* super_block, file_system_type */
    bool has_mode, has_user, has_operations, has_type, has_aliases, has_root;
};

/* False: this kernel's types lack what a path needs. */
bool path_fields_of(const struct btf *btf, struct path_fields *fields);

/* file_path() and inode_path() of vma.h. */
bool path_of_file(struct memory *memory, const struct path_fields *fields, uint64_t file_va,
                  char *text, size_t size);
bool path_of_inode(struct memory *memory, const struct path_fields *fields, uint64_t inode_va,
                   char *text, size_t size);

#endif
