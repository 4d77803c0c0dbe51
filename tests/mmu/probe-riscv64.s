# SPDX-License-Identifier: GPL-3.0-or-later
#
# Asks the MMU what tests/mmu/mmu.c wants to know: runs in M mode, and loads, stores and jumps as S
# and U mode would.  Records as in mmu.h lie from 0x80210000 on, 128 bytes each: SATP, two words,
# VA, then the answers.
    .text
    .global _start
_start:
    la      t0, no_menvcfg
    csrw    mtvec, t0
    li      t0, 1 << 62                     # PBMTE; without the register Svpbmt is always there
    csrw    0x30a, t0                       # menvcfg
    .balign 4
no_menvcfg:
    la      t0, trap
    csrw    mtvec, t0
    li      t0, -1                          # all memory is everyone's
    csrw    pmpaddr0, t0
    li      t0, 0x1f
    csrw    pmpcfg0, t0
    li      t0, 0xbfe00000                  # QEMU's device tree is not to be executed
    li      t1, 0xc0000000
1:  sd      zero, 0(t0)
    addi    t0, t0, 8
    bltu    t0, t1, 1b
    li      s0, 0x80210000
    ld      s1, 0(s0)                       # how many
    li      s6, 0x20000                     # mstatus.MPRV: loads and stores as MPP
    li      s7, 0x1800                      # mstatus.MPP
next:
    beqz    s1, end
    addi    s0, s0, 128
    addi    s1, s1, -1
    ld      t0, 0(s0)
    csrw    satp, t0
    sfence.vma
    ld      s2, 24(s0)
    li      s8, 0x800                       # S, then U
    addi    s9, s0, 32
mode:
    la      s4, 1f
    csrc    mstatus, s7
    csrs    mstatus, s8
    csrs    mstatus, s6
    ld      s3, 0(s2)
1:  csrc    mstatus, s6
    sd      s3, 0(s9)
    la      s4, 1f                          # the same word, not to disturb what lies there
    andi    t0, s3, 1
    addi    t0, t0, -1
    and     t1, s3, t0
    li      s3, 0
    csrc    mstatus, s7
    csrs    mstatus, s8
    csrs    mstatus, s6
    sd      t1, 0(s2)
1:  csrc    mstatus, s6
    sd      s3, 8(s9)
    la      s4, 1f
    csrc    mstatus, s7
    csrs    mstatus, s8
    csrw    mepc, s2
    mret                                    # to what is illegal at least
1:  sd      s3, 16(s9)
    addi    s9, s9, 24
    beqz    s8, next
    li      s8, 0
    j       mode
end:
    li      t0, 0x100000                    # the virt machine's power
    li      t1, 0x5555
    sw      t1, 0(t0)
    j       .

    .balign 4
trap:
    csrr    s3, mcause
    slli    s3, s3, 1
    ori     s3, s3, 1
    jr      s4
