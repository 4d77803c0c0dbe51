# SPDX-License-Identifier: GPL-3.0-or-later
#
# Asks the MMU what tests/mmu/mmu.c wants to know: a multiboot program at 0x200000, which the
# tables map where it lies.  Without paging it sets CR4 and CR3, enters long mode, loads, stores
# and jumps as the kernel and as a user, and leaves long mode again.  Records as in mmu.h lie from
# 0x210000 on, 128 bytes each: CR4, CR3, a word, VA, then the answers.
    .set    stack, 0x208000
    .set    user_stack, 0x207000
    .set    scratch, 0x206000
    .text
    .global _start
_start:
    jmp     start                           # 0x200000: the gates below rest on it
    .balign 4
header:
    .long   0x1badb002, 0x10000, -(0x1badb002 + 0x10000)
    .long   header, _start, 0, 0, start

    .balign 8
gdt:
    .quad   0
    .quad   0x00cf9a000000ffff              # 08: code of 32 bits
    .quad   0x00cf92000000ffff              # 10: data
    .quad   0x00af9a000000ffff              # 18: code of 64 bits
    .quad   0x00cff2000000ffff              # 20: a user's data
    .quad   0x00affa000000ffff              # 28: a user's code of 64 bits
tss_descriptor:
    .word   103, tss - _start
    .byte   0x20, 0x89, 0, 0
    .quad   0
gdt_end:
gdt_register:
    .word   gdt_end - gdt - 1
    .quad   gdt
idt_register:
    .word   idt_end - idt - 1
    .quad   idt
    .balign 8
tss:
    .long   0
    .quad   stack                           # RSP0
    .fill   92, 1, 0

    .macro  gate handler
    .word   \handler - _start, 0x18, 0xee00, 0x20
    .quad   0
    .endm
idt:
    gate    executed                        # what lies at an address may be any instruction
    gate    executed
    gate    executed
    gate    done                            # int3
    .rept   8
    gate    executed
    .endr
    gate    denied                          # 12 to 14: not canonical, page fault
    gate    denied
    gate    denied
    .rept   17
    gate    executed
    .endr
idt_end:

    .code32
start:
    cli
    lgdt    gdt_register
    ljmp    $8, $1f
1:  mov     $0x10, %eax
    mov     %eax, %ds
    mov     %eax, %es
    mov     %eax, %ss
    mov     $stack, %esp
    mov     $0x210000, %ebx
    mov     (%ebx), %esi                    # how many
next:
    test    %esi, %esi
    jz      end
    dec     %esi
    add     $128, %ebx
    mov     (%ebx), %eax
    mov     %eax, %cr4
    mov     8(%ebx), %eax
    mov     %eax, %cr3
    mov     $0xc0000080, %ecx               # EFER: LME, NXE
    xor     %edx, %edx
    mov     $0x900, %eax
    wrmsr
    mov     $0x80010011, %eax               # CR0: PG, WP, ET, PE
    mov     %eax, %cr0
    ljmp    $0x18, $long
back:
    mov     $0x10011, %eax
    mov     %eax, %cr0
    mov     $0xc0000080, %ecx
    xor     %edx, %edx
    xor     %eax, %eax
    wrmsr
    jmp     next
end:
    mov     $0xfe, %al                      # the keyboard controller's reset
    out     %al, $0x64
    hlt

    .code64
    # Goes to %r9 with the flags of %r10, and on after it with %r14.
    .macro  go
    mov     $1f, %r15d
    push    %r13
    push    $user_stack
    push    %r10
    push    %r12
    push    %r9
    xor     %r14d, %r14d
    iretq
1:
    .endm
long:
    mov     %ebx, %ebx
    mov     %esi, %esi
    lidt    idt_register
    andb    $0xfd, tss_descriptor + 5       # not busy
    mov     $0x30, %eax
    ltr     %ax
    mov     24(%rbx), %r8
    lea     32(%rbx), %rdi
    mov     $scratch, %eax
    mov     $0x18, %r12d                    # the kernel, then a user
    mov     $0x10, %r13d
mode:
    mov     $2, %r10d
    mov     $read, %r9d
    go
    mov     %r14, (%rdi)
    xor     %r11d, %r11d                    # the same word, not to disturb what lies there
    test    $1, %r14b
    cmovz   %r14, %r11
    mov     $write, %r9d
    go
    mov     %r14, 8(%rdi)
    mov     $0x102, %r10d                   # TF: one instruction
    mov     %r8, %r9
    go
    mov     %r14, 16(%rdi)
    add     $24, %rdi
    cmp     $0x18, %r12d
    mov     $0x2b, %r12d
    mov     $0x23, %r13d
    je      mode
    pushq   $8
    pushq   $back
    lretq

read:
    mov     (%r8), %r14
    and     $~1, %r14
    int3
write:
    mov     %r11, (%r8)
    int3

denied:
    pop     %r14
    shl     $8, %r14
    or      $1, %r14
    jmp     done
executed:
    xor     %r14d, %r14d
done:
    mov     $stack, %esp
    jmp     *%r15
