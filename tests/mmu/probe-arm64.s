// SPDX-License-Identifier: GPL-3.0-or-later
//
// Asks the MMU what tests/mmu/mmu.c wants to know: runs at EL2 with its own MMU off, and has EL1's
// stage 1 translate by AT instructions.  Records as in mmu.c lie from 0x40210000 on, 128 bytes
// each: TCR, TTBR0, TTBR1, VA, then PAR after reading and writing at EL1 and at EL0.
    .text
    .global _start
_start:
    adr     x2, vectors
    msr     vbar_el2, x2
    mov     x2, #0x80000000                 // HCR_EL2.RW: EL1 is AArch64
    msr     hcr_el2, x2
    ldr     x2, =0x30d00801                 // SCTLR_EL1: RES1 bits, and M
    msr     sctlr_el1, x2
    mov     x2, #0xff
    msr     mair_el1, x2
    mov     x0, #0x40210000
    ldr     x1, [x0], #128                  // how many
next:
    cbz     x1, end
    ldp     x2, x3, [x0]
    ldp     x4, x5, [x0, #16]
    msr     tcr_el1, x2
    msr     ttbr0_el1, x3
    msr     ttbr1_el1, x4
    isb
    tlbi    alle1
    dsb     sy
    isb
    at      s1e1r, x5
    isb
    mrs     x6, par_el1
    at      s1e1w, x5
    isb
    mrs     x7, par_el1
    stp     x6, x7, [x0, #32]
    at      s1e0r, x5
    isb
    mrs     x6, par_el1
    at      s1e0w, x5
    isb
    mrs     x7, par_el1
    stp     x6, x7, [x0, #48]
    add     x0, x0, #128
    sub     x1, x1, #1
    b       next
end:
    ldr     x0, =0x84000008                 // PSCI SYSTEM_OFF
    smc     #0
    b       .

// An external abort on the walk is an exception of the AT instruction: a fault like others.
    .balign 2048
vectors:
    .rept   4
    .balign 128
    b       .
    .endr
    .balign 128
    mrs     x8, elr_el2
    add     x8, x8, #4
    msr     elr_el2, x8
    mov     x8, #1
    msr     par_el1, x8
    eret
    .ltorg
