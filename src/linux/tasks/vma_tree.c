/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The maple tree (lib/maple_tree.c): nodes of 256 bytes, their type in the low bits of the
 * pointer to them; pivots are the last addresses of the slots.  A child's range lies within its
 * slot's, so that no way through a lying tree goes on for long.
 */
#include "linux/tasks/vma_private.h"

#include "base/bytes.h"
#include "linux/lists/pointer_chain.h"

#define NODE_SIZE 256u /* MAPLE_NODE_MASK + 1 */
#define NODES_MAX VMAS_MAX
#define DEPTH_MAX 31u /* MAPLE_HEIGHT_MAX */

/* enum maple_type, include/linux/maple_tree.h */
enum { MAPLE_DENSE, MAPLE_LEAF_64, MAPLE_RANGE_64, MAPLE_ARANGE_64 };

struct node_shape {
    uint64_t pivot, slot;   /* offsets in the node */
    uint32_t pivots, slots; /* how many */
};

struct maple_tree {
    struct vma_walk *walk;
    struct node_shape range, arange;
    uint64_t parent;
};

static bool shape_of(const struct btf *btf, const char *type, struct node_shape *shape)
{
    struct field pivot, slot;
    if (!field_of(btf, type, "pivot", &pivot) || !field_of(btf, type, "slot", &slot) ||
        pivot.offset + pivot.size > NODE_SIZE || slot.offset + slot.size > NODE_SIZE)
        return false;
    *shape = (struct node_shape){pivot.offset, slot.offset, (uint32_t)(pivot.size / 8),
                                 (uint32_t)(slot.size / 8)};
    return shape->slots > 0;
}

/* xa_is_node(), include/linux/xarray.h: only the root is marked like that (mte_mk_root()) */
static bool is_root_node(uint64_t entry)
{
    return (entry & 3) == 2 && entry > 4096;
}

/* One entry of a leaf.  False: no use in going on. */
static bool take_leaf(struct vma_walk *walk, uint64_t entry, uint64_t first, uint64_t last)
{
    struct vma *vma;
    if (!entry || (entry & 3)) /* XA_ZERO_ENTRY: a fork is in progress */
        return true;
    entry = pointer_clean(walk->memory, entry);
    if (!vma_take(walk, entry, &vma))
        return walk->vmas->count < VMAS_MAX;
    if (vma->start != first || vma->end - 1 != last)
        vma_cut(walk, "the tree and the mapping disagree", entry);
    return true;
}

static bool walk_node(struct maple_tree *tree, uint64_t entry, uint64_t first, uint64_t last,
                      unsigned depth);

/* The slots of a node that was read. */
static bool walk_slots(struct maple_tree *tree, const struct node_shape *shape,
                       const uint8_t *bytes, uint64_t va, bool leaf, uint64_t first, uint64_t last,
                       unsigned depth)
{
    for (uint32_t i = 0; i < shape->slots; i++) {
        uint64_t end = i < shape->pivots ? load_le64(bytes + shape->pivot + 8 * i) : last;
        uint64_t entry = load_le64(bytes + shape->slot + 8 * i);
        if (!end && i > 0)
            end = last; /* the last one in use; mas_safe_pivot() */
        if (end < first || end > last)
            return vma_cut(tree->walk, "a node's pivots are out of order", va);
        if (leaf ? !take_leaf(tree->walk, entry, first, end)
                 : entry && !walk_node(tree, entry, first, end, depth + 1))
            return false;
        if (end == last)
            break;
        first = end + 1;
    }
    return true;
}

/* False: no use in going on. */
static bool walk_node(struct maple_tree *tree, uint64_t entry, uint64_t first, uint64_t last,
                      unsigned depth)
{
    struct vma_walk *walk = tree->walk;
    uint64_t va = pointer_clean(walk->memory, entry & ~(uint64_t)(NODE_SIZE - 1));
    unsigned type = (unsigned)(entry >> 3) & 0xf;
    uint8_t bytes[NODE_SIZE];
    if (type < MAPLE_LEAF_64 || type > MAPLE_ARANGE_64) {
        vma_cut(walk, "not a maple node", entry);
        return true;
    }
    if (depth > DEPTH_MAX || ++walk->nodes > NODES_MAX)
        return vma_cut(walk, "the tree is too deep or too large", va);
    if (memory_read(walk->memory, address_in(walk->memory->space, va), bytes, sizeof bytes, NULL) !=
        sizeof bytes) {
        vma_cut(walk, "a node of the tree cannot be read", va);
        return true;
    }
    /* ma_dead_node(): its own parent; taken out while this was read */
    uint64_t parent = pointer_clean(walk->memory, load_le64(bytes + tree->parent));
    if ((parent & ~(uint64_t)(NODE_SIZE - 1)) == va) {
        vma_cut(walk, "a node of the tree is dead", va);
        return true;
    }
    const struct node_shape *shape = type == MAPLE_ARANGE_64 ? &tree->arange : &tree->range;
    walk_slots(tree, shape, bytes, va, type == MAPLE_LEAF_64, first, last, depth);
    return walk->nodes <= NODES_MAX && walk->vmas->count < VMAS_MAX;
}

void vma_walk_tree(struct vma_walk *walk)
{
    struct maple_tree tree = {.walk = walk};
    struct field parent;
    struct vma *vma;
    uint64_t root;
    if (!shape_of(walk->btf, "maple_range_64", &tree.range) ||
        !shape_of(walk->btf, "maple_arange_64", &tree.arange) ||
        !field_of(walk->btf, "maple_node", "parent", &parent) || parent.offset > NODE_SIZE - 8) {
        vma_cut(walk, "the kernel's types do not describe the maple tree's nodes", walk->mm_va);
        return;
    }
    tree.parent = parent.offset;
    if (!memory_read_u64(walk->memory,
                         address_in(walk->memory->space, walk->mm_va + walk->fields.root.offset),
                         &root))
        vma_cut(walk, "the tree's root cannot be read", walk->mm_va);
    else if (is_root_node(root))
        walk_node(&tree, root, 0, UINT64_MAX, 0);
    else if (root && !(root & 3)) /* a single entry, for address 0 only */
        vma_take(walk, pointer_clean(walk->memory, root), &vma);
}
