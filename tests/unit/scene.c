/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A memory handle over a file of tables. */
#include "tests/unit/scene.h"

void scene_start(struct scene *scene, const char *mode)
{
    scene->pages = pages_create();
    scene->kernel = builder_of(scene->pages, mode, ROOT_PA, TABLES);
    scene->user = builder_of(scene->pages, mode, USER_PA, TABLES + MIB(16));
    scene->file = file_create(SIZE);
}

void scene_open_plain(struct scene *scene)
{
    struct error err;
    pages_write(scene->pages, scene->file.fd, BASE, SIZE);
    scene->before = file_state(&scene->file);
    scene->image = open_image(scene->file.path);
    assert_true(source_place_base(scene->image, BASE));
    assert_true(memory_init(&scene->memory, scene->image, &err));
    scene->space = space_of(scene->kernel.paging->name, ROOT_PA, USER_PA);
    memory_use(&scene->memory, &scene->space);
}

void scene_open(struct scene *scene)
{
    scene_open_plain(scene);
    while (!memory_step(&scene->memory, 100))
        ;
}

void scene_end(struct scene *scene)
{
    memory_deinit(&scene->memory);
    source_drop(scene->image);
    assert_file_unchanged(&scene->file, &scene->before);
    file_remove(&scene->file);
    pages_destroy(scene->pages);
}
