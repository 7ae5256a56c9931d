#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Packs the guest's first root: busybox, ./init, and the modules that reach the host's / over 9p.
#
#   initramfs.sh KERNEL      KERNEL: a folder that kernel.sh printed
#
# Prints the path of the file, which is in that folder. It is made again only when this script, ./init or
# busybox changes.
set -euo pipefail

fail() {
  echo "initramfs.sh: $*" >&2
  exit 1
}

(($# == 1)) || fail "needs a folder that kernel.sh printed"
here=$(dirname "$(realpath "$0")")
kernel=$1
version=$(cat "$kernel/version") || fail "$kernel is not a folder that kernel.sh made"
busybox=$(command -v busybox) || fail "busybox is missing; install busybox-static"
for tool in cpio gzip xz zstd modprobe; do
  command -v $tool >/dev/null || fail "$tool is missing; install the package that has it"
done

recipe=$(cat "$here/initramfs.sh" "$here/init" "$busybox" | sha256sum)
out=$kernel/initramfs-${recipe:0:12}.gz
if [[ -e $out ]]; then
  echo "$out"
  exit
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
root=$work/root
mkdir -p "$root"/{bin,modules,proc,sys,dev}
cp "$busybox" "$root/bin/busybox"
"$root/bin/busybox" true || fail "$busybox does not run"
cp "$here/init" "$root/init"
chmod 755 "$root/init"

# Prints the files to insmod for one module, in order; nothing if it is built in. A module that is not
# found counts as built in: 7.x has virtio_pci built in and its packages have no modules.builtin.
files_of() {
  { modprobe -d "$kernel" -S "$version" --show-depends "$1" 2>/dev/null || true; } | awk '$1 == "insmod" {print $2}'
}

for module in virtio_pci 9pnet_virtio 9p overlay virtio_console virtio_rng; do
  files_of $module
done | awk '!seen[$0]++' | while read -r file; do
  name=$(basename "$file")
  case $name in
    *.xz) xz -dc "$file" >"$root/modules/${name%.xz}" ;;
    *.zst) zstd -dcq "$file" >"$root/modules/${name%.zst}" ;;
    *) cp "$file" "$root/modules/$name" ;;
  esac
  name=${name%.xz}
  echo "${name%.zst}" >>"$root/modules/order"
done

(cd "$root" && find . | cpio -o -H newc --quiet | gzip -1) >"$work/packed"
rm -f "$kernel"/initramfs-*.gz
cp "$work/packed" "$out.$$"
mv "$out.$$" "$out"
echo "$out"
