/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Paths as d_path() makes them (fs/d_path.c): written from their end, dentry by dentry up to the
 * mount's root, then on from where that is mounted.
 */
#include "linux/tasks/path.h"

#include "linux/lists/pointer_chain.h"
#include "linux/tasks/vma.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define PATH_ROOM     4096        /* PATH_MAX */
#define NAME_LONGEST  255u        /* NAME_MAX */
#define STEPS_MAX     4096        /* dentries and mounts of one path */
#define FMODE_BACKING 0x02000000u /* include/linux/fs.h, since 6.5 */

/* Text that grows towards its front. */
struct front {
    char text[PATH_ROOM];
    size_t at;
};

bool path_fields_of(const struct btf *btf, struct path_fields *fields)
{
    static const char *const hash[] = {"d_hash.pprev"};
    static const char *const aliases[] = {"d_u.d_alias", "d_alias"};
    *fields = (struct path_fields){0};
    fields->has_mode = field_of(btf, "file", "f_mode", &fields->mode);
    fields->has_user = fields->has_mode &&
                       field_of(btf, "backing_file", "user_path.mnt", &fields->user_mnt) &&
                       field_of(btf, "backing_file", "user_path.dentry", &fields->user_dentry);
    fields->has_operations = field_of(btf, "dentry", "d_op", &fields->operations) &&
                             field_of(btf, "dentry_operations", "d_dname", &fields->of_name);
    fields->has_type = field_of(btf, "super_block", "s_type", &fields->type) &&
                       field_of(btf, "file_system_type", "name", &fields->type_name);
    fields->has_root = field_of(btf, "super_block", "s_root", &fields->root);
    fields->has_aliases = field_of(btf, "inode", "i_dentry.first", &fields->aliases) &&
                          field_of_any(btf, "dentry", aliases, 2, &fields->alias);
    return field_of(btf, "file", "f_path.mnt", &fields->mnt) &&
           field_of(btf, "file", "f_path.dentry", &fields->dentry) &&
           field_of(btf, "file", "f_inode", &fields->inode) &&
           field_of(btf, "dentry", "d_parent", &fields->parent) &&
           field_of(btf, "dentry", "d_name.name", &fields->name) &&
           field_of(btf, "dentry", "d_name.len", &fields->name_length) &&
           field_of_any(btf, "dentry", hash, 1, &fields->unhashed) &&
           field_of(btf, "dentry", "d_sb", &fields->super) &&
           field_of(btf, "dentry", "d_inode", &fields->of_inode) &&
           field_of(btf, "vfsmount", "mnt_root", &fields->mount_root) &&
           field_of(btf, "mount", "mnt", &fields->mount_in) &&
           field_of(btf, "mount", "mnt_parent", &fields->mount_parent) &&
           field_of(btf, "mount", "mnt_mountpoint", &fields->mount_at) &&
           field_of(btf, "inode", "i_ino", &fields->number) &&
           field_of(btf, "inode", "i_sb", &fields->super_of_inode) &&
           field_of(btf, "super_block", "s_dev", &fields->device);
}

static bool follow(struct memory *memory, uint64_t va, const struct field *field, uint64_t *to)
{
    return pointer_read(memory, va + field->offset, to);
}

/* False: no room is left. */
static bool put(struct front *front, const char *text, size_t length)
{
    if (length > front->at)
        return false;
    front->at -= length;
    memcpy(front->text + front->at, text, length);
    return true;
}

static bool put_text(struct front *front, const char *text)
{
    return put(front, text, strlen(text));
}

/* A dentry's name; bytes that a terminal should not see as \ooo, as /proc shows a newline. */
static bool put_name(struct memory *memory, const struct path_fields *fields, uint64_t dentry,
                     struct front *front)
{
    uint64_t name, length;
    uint8_t raw[NAME_LONGEST];
    if (!follow(memory, dentry, &fields->name, &name) || !name ||
        !field_read(memory, dentry, &fields->name_length, &length) || !length ||
        length > sizeof raw ||
        memory_read(memory, address_in(memory->space, name), raw, (size_t)length, NULL) != length)
        return false;
    for (size_t i = (size_t)length; i-- > 0;) {
        char text[5] = {(char)raw[i]};
        if (raw[i] < ' ' || raw[i] > '~')
            snprintf(text, sizeof text, "\\%03o", raw[i]);
        if (!put_text(front, text))
            return false;
    }
    return true;
}

/* d_op->d_dname: a file that lies in no directory. */
static bool is_pseudo(struct memory *memory, const struct path_fields *fields, uint64_t dentry)
{
    uint64_t operations, function;
    return fields->has_operations && follow(memory, dentry, &fields->operations, &operations) &&
           operations && follow(memory, operations, &fields->of_name, &function) && function;
}

/*
 * What d_dname answers.  The file system tells which function it is: pipefs_dname() and
 * sockfs_dname() give the inode's number, the rest a name; simple_dname() is that of shmem and
 * hugetlbfs ("/dev/zero", "/memfd:x", "/SYSV0000002a").
 */
static bool put_pseudo(struct memory *memory, const struct path_fields *fields, uint64_t dentry,
                       struct front *front)
{
    static const char *const numbered[][2] = {
        {"pipefs", "pipe"}, {"sockfs", "socket"}, {"nsfs", "ns"}, {"pidfs", "pidfd"}};
    char type[32] = "", text[64];
    uint64_t super, system, name, inode, number = 0;
    if (fields->has_type && follow(memory, dentry, &fields->super, &super) && super &&
        follow(memory, super, &fields->type, &system) && system &&
        follow(memory, system, &fields->type_name, &name) && name)
        memory_string(memory, name, type, sizeof type);
    for (size_t i = 0; i < sizeof numbered / sizeof numbered[0]; i++) {
        if (strcmp(type, numbered[i][0]) != 0)
            continue;
        if (follow(memory, dentry, &fields->of_inode, &inode) && inode)
            field_read(memory, inode, &fields->number, &number);
        snprintf(text, sizeof text, "%s:[%" PRIu64 "]", numbered[i][1], number);
        return put_text(front, text);
    }
    if (strcmp(type, "anon_inodefs") == 0)
        return put_name(memory, fields, dentry, front) && put_text(front, "anon_inode:");
    if (strcmp(type, "dmabuf") == 0)
        return put_name(memory, fields, dentry, front) && put_text(front, "/dmabuf:");
    return put_text(front, " (deleted)") && put_name(memory, fields, dentry, front) &&
           put_text(front, "/");
}

/* d_unlinked(): not in the hash, and not a root. */
static bool is_deleted(struct memory *memory, const struct path_fields *fields, uint64_t dentry)
{
    uint64_t link, parent;
    return follow(memory, dentry, &fields->unhashed, &link) && !link &&
           follow(memory, dentry, &fields->parent, &parent) && parent != dentry;
}

/*
 * prepend_path(): up to the outermost mount's root.  mount_va 0: within the file system.  A path
 * that cannot be followed to its end starts with "?".
 */
static void put_path(struct memory *memory, const struct path_fields *fields, uint64_t dentry,
                     uint64_t mount_va, struct front *front)
{
    size_t start = front->at;
    for (unsigned i = 0; i < STEPS_MAX; i++) {
        uint64_t parent, root = 0;
        if (!follow(memory, dentry, &fields->parent, &parent) || !parent ||
            (mount_va && !follow(memory, mount_va, &fields->mount_root, &root)))
            break;
        if (mount_va && dentry == root) {
            uint64_t mount = mount_va - fields->mount_in.offset, outer;
            if (!follow(memory, mount, &fields->mount_parent, &outer) || !outer ||
                (outer != mount && !follow(memory, mount, &fields->mount_at, &dentry)))
                break;
            mount_va = outer + fields->mount_in.offset;
            if (outer == mount) {
                if (front->at == start)
                    put_text(front, "/");
                return;
            }
            continue;
        }
        if (parent == dentry) {
            if (!mount_va && front->at == start)
                put_text(front, "/");
            if (mount_va) /* a root that nothing mounts here: the file escaped */
                break;
            return;
        }
        if (!put_name(memory, fields, dentry, front) || !put_text(front, "/"))
            break;
        dentry = parent;
    }
    if (front->at < 1)
        front->at = 1;
    put_text(front, "?");
}

/* Where it does not fit, it ends in "...". */
static void take(const struct front *front, char *text, size_t size)
{
    size_t length = sizeof front->text - front->at;
    if (length < size) {
        memcpy(text, front->text + front->at, length);
        text[length] = '\0';
        return;
    }
    memcpy(text, front->text + front->at, size - 1);
    text[size - 1] = '\0';
    if (size > 4)
        memcpy(text + size - 4, "...", 3);
}

bool path_of_file(struct memory *memory, const struct path_fields *fields, uint64_t file_va,
                  char *text, size_t size)
{
    struct front front = {.at = PATH_ROOM};
    uint64_t mnt, dentry, mode, parent, root;
    const struct field *of_mnt = &fields->mnt, *of_dentry = &fields->dentry;
    if (fields->has_user && field_read(memory, file_va, &fields->mode, &mode) &&
        (mode & FMODE_BACKING)) {
        of_mnt = &fields->user_mnt; /* file_user_path(): `file` is backing_file's first member */
        of_dentry = &fields->user_dentry;
    }
    if (!size || !follow(memory, file_va, of_mnt, &mnt) || !mnt ||
        !follow(memory, file_va, of_dentry, &dentry) || !dentry ||
        !follow(memory, dentry, &fields->parent, &parent) ||
        !follow(memory, mnt, &fields->mount_root, &root))
        return false;
    if ((parent != dentry || dentry != root) && is_pseudo(memory, fields, dentry))
        put_pseudo(memory, fields, dentry, &front);
    else {
        if (is_deleted(memory, fields, dentry))
            put_text(&front, " (deleted)");
        put_path(memory, fields, dentry, mnt, &front);
    }
    take(&front, text, size);
    return true;
}

bool path_of_inode(struct memory *memory, const struct path_fields *fields, uint64_t inode_va,
                   char *text, size_t size)
{
    struct front front = {.at = PATH_ROOM};
    uint64_t alias, dentry, parent, super, root = 0, inode;
    if (!size || !fields->has_aliases || !follow(memory, inode_va, &fields->aliases, &alias) ||
        !alias)
        return false;
    dentry = alias - fields->alias.offset;
    if (!follow(memory, dentry, &fields->of_inode, &inode) || inode != inode_va ||
        !follow(memory, dentry, &fields->parent, &parent))
        return false;
    if (fields->has_root && follow(memory, dentry, &fields->super, &super) && super)
        follow(memory, super, &fields->root, &root);
    if (parent == dentry && dentry != root && is_pseudo(memory, fields, dentry))
        put_pseudo(memory, fields, dentry, &front);
    else {
        if (is_deleted(memory, fields, dentry))
            put_text(&front, " (deleted)");
        put_path(memory, fields, dentry, 0, &front);
    }
    take(&front, text, size);
    return true;
}

bool file_path(const struct linux_context *linux, uint64_t file_va, char *text, size_t size)
{
    struct path_fields fields;
    return linux->btf && path_fields_of(linux->btf, &fields) &&
           path_of_file(linux->memory, &fields, file_va, text, size);
}

bool inode_path(const struct linux_context *linux, uint64_t inode_va, char *text, size_t size)
{
    struct path_fields fields;
    return linux->btf && path_fields_of(linux->btf, &fields) &&
           path_of_inode(linux->memory, &fields, inode_va, text, size);
}
