#!/bin/bash
# What is shipped is hardened: it may lie anywhere, its tables are read-only once it is linked, its stack is guarded and holds
# no code, libc's checked functions are used; with --jumps, functions that are jumped to are marked, where the processor looks.
#
#   hardening.sh [--jumps] PROGRAM|MODULE...      exit 77: no readelf
set -u
command -v readelf >/dev/null || exit 77
jumps=no bad=0
[ "$1" != --jumps ] || { jumps=yes; shift; }
lacks() { echo "$1: $2"; bad=1; }
for file; do
	head=$(readelf -hldW "$file") || exit 2
	symbols=$(readelf --dyn-syms -W "$file")
	[[ $head =~ Type:[[:space:]]+DYN ]] || lacks "$file" 'not position independent'
	[[ $head == *GNU_RELRO* ]] || lacks "$file" 'no RELRO'
	[[ $head == *BIND_NOW* ]] || lacks "$file" 'bound lazily'
	grep -q 'GNU_STACK.*RWE' <<<"$head" && lacks "$file" 'an executable stack'
	[[ $symbols == *__stack_chk_fail* ]] || lacks "$file" 'no guarded stack'
	[[ $symbols =~ __[a-z]+_chk@ ]] || lacks "$file" 'no checked functions'
	# The note of the whole file depends on what is linked in from outside too, so the marks are counted. Only functions
	# whose address is taken have one, in a module some dozens; without the flag a file has those of the linker's start code.
	if [ $jumps = yes ] && [[ $head == *X86-64* ]]; then
		[ "$(objdump -d --no-show-raw-insn "$file" | grep -cm 30 endbr64)" -ge 30 ] || lacks "$file" 'no checked jumps'
	fi
done
exit $bad
