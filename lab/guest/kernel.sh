#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Fetches one of Debian's kernels, ready to boot under run.sh, and prints the folder it is in.
#
#   kernel.sh LINE      LINE: 5.10, 6.1, 6.12, 7.x, or one exact version such as 6.1.0-44-amd64
#
# apt fetches the newest package of the line from the Debian mirror that this machine already uses, and
# checks its signature. Lists and packages of other suites stay in a private folder, so that the
# machine's own apt never sees them. A line in the cache is not fetched again: remove its link there to
# get a newer one. Cache: $VETHTRACE_CACHE, else ~/.cache/vethtrace.
#
# The folder holds vmlinuz, a version file, and lib/modules/VERSION with depmod's indexes.
set -euo pipefail

fail() {
  echo "kernel.sh: $*" >&2
  exit 1
}

(($# == 1)) || fail "needs one kernel line: 5.10, 6.1, 6.12, 7.x, or an exact version"
line=$1
case $line in
  5.10 | 5.10.*) suites=(bullseye bullseye-security) ;;
  6.1 | 6.1.*) suites=(bookworm bookworm-security) ;;
  6.12 | 6.12.*) suites=(bookworm-backports bookworm-security) ;;
  7.*) suites=(trixie-backports) ;;
  *) fail "knows the kernel lines 5.10, 6.1, 6.12 and 7.x, not $line" ;;
esac

kernels=${VETHTRACE_CACHE:-$HOME/.cache/vethtrace}/kernels
if [[ -e $kernels/$line/vmlinuz ]]; then
  realpath "$kernels/$line"
  exit
fi

for tool in apt-get dpkg-deb depmod flock; do
  command -v $tool >/dev/null || fail "$tool is missing; guests boot Debian's kernels and need a Debian machine with kmod"
done
[[ $(dpkg --print-architecture) == amd64 ]] || fail "guests are x86-64; this machine is $(dpkg --print-architecture)"

# site_of SUFFIX: prints the site of this machine's own release, or with -security of its updates.
site_of() {
  local release
  release=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  # shellcheck disable=SC2016 # variables of apt's
  apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(SITE)' |
    awk -v release="$release$1" '$1 == release && $2 == "main" {print $3; exit}'
}

write_sources() {
  local keyring=/usr/share/keyrings/debian-archive-keyring.gpg options='' site suite
  if [[ -r $keyring ]]; then options="[signed-by=$keyring] "; fi
  for suite in "${suites[@]}"; do
    case $suite in
      *-security) site=$(site_of -security) ;;
      *) site=$(site_of '') ;;
    esac
    if [[ -n $site ]]; then
      echo "deb $options$site $suite main"
    elif [[ $suite != *-security ]]; then
      fail "apt has no Debian site for this machine's release (see apt-get indextargets), so $suite cannot be reached"
    fi
  done
}

mkdir -p "$kernels"
exec 9>"$kernels/.lock"
flock 9 # of two first users at once, the second finds the kernel that the first fetched
if [[ -e $kernels/$line/vmlinuz ]]; then
  realpath "$kernels/$line"
  exit
fi
work=$(mktemp -d "$kernels/.fetch-XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# The lists of closed suites are past their Valid-Until; apt still checks their signatures.
apt_options=(
  -qq
  -o Dir::State::lists="$work/lists" -o Dir::Cache="$work/cache"
  -o Dir::Etc::sourcelist="$work/sources.list" -o Dir::Etc::sourceparts=/dev/null
  -o APT::Sandbox::User="$(id -un)" -o Acquire::Languages=none
  -o Acquire::Check-Valid-Until=false -o Acquire::Retries=3
)
mkdir -p "$work"/{lists,cache,download}
write_sources >"$work/sources.list"

echo "kernel.sh: fetching the newest $line kernel of Debian's ${suites[0]} through apt" >&2
apt-get "${apt_options[@]}" update >&2 || fail "apt-get update failed for ${suites[*]}"

# Matches linux-image-6.1.0-44-amd64, but not rt, cloud (which lacks 9p), -dbg, -unsigned or metapackages.
escaped=${line%.x}
escaped=${escaped//./\\.}
escaped=${escaped//+/\\+}
package=$(apt-cache "${apt_options[@]}" pkgnames linux-image- |
  { grep -E "^linux-image-($escaped\.[0-9][0-9.]*([-+][0-9a-z.]+)?-amd64|$escaped)\$" || true; } | sort -V | tail -1)
[[ -n $package ]] || fail "none of ${suites[*]} on this machine's mirror has a linux-image of $line"
version=${package#linux-image-}

# Since 6.19 the image package is empty and depends on linux-binary and linux-modules.
mapfile -t packages < <(for part in image binary modules; do
  apt-cache "${apt_options[@]}" pkgnames "linux-$part-$version" | { grep -xF "linux-$part-$version" || true; }
done)
(cd "$work/download" && apt-get "${apt_options[@]}" download "${packages[@]}" >&2) ||
  fail "apt-get download failed for ${packages[*]}"

mkdir "$work/tree" "$work/kernel" "$work/kernel/lib"
for deb in "$work"/download/*.deb; do
  dpkg-deb -x "$deb" "$work/tree"
done
modules=$(find "$work/tree" -type d -path "*lib/modules/$version" -print -quit)
image=$(find "$work/tree" -type f \( -name "vmlinuz-$version" -o -path "*/modules/$version/vmlinuz" \) -print -quit)
[[ -n $modules && -n $image ]] || fail "${packages[*]} hold no vmlinuz and modules of $version"
mv "$image" "$work/kernel/vmlinuz"
mkdir "$work/kernel/lib/modules"
mv "$modules" "$work/kernel/lib/modules/$version"
depmod -b "$work/kernel" "$version" 2>"$work/depmod.log" || fail "depmod failed: $(tail -1 "$work/depmod.log")"
echo "$version" >"$work/kernel/version"

chmod 755 "$work/kernel"
rm -rf "${kernels:?}/$version"
mv "$work/kernel" "$kernels/$version"
if [[ $line != "$version" ]]; then
  ln -sfn "$version" "$kernels/$line"
fi
realpath "$kernels/$line"
