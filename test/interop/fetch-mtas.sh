#!/usr/bin/env bash
# Unpacks Debian's Exim and OpenSMTPD, which cannot be installed beside Postfix, with the libraries that they need, into a
# folder of their own. Nothing is installed, no user is made: the tests run the programs in a chroot. Quick when all is there.
# Usage: fetch-mtas.sh [folder]
set -euo pipefail
folder=${1:-${XDG_CACHE_HOME:-$HOME/.cache}/mxlab/mtas}
programs=(exim4-daemon-light opensmtpd)

[ -x "$folder/usr/sbin/exim4" ] && [ -x "$folder/usr/sbin/smtpd" ] && exit 0

# The libraries among the direct dependencies of a package; of alternatives the first.
libraries_of() {
  apt-cache depends --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces --no-enhances "$@" |
    sed -n 's/^ *|\{0,1\}Depends: \(z\{0,1\}lib[^:<]*\)\(:.*\)\{0,1\}$/\1/p' | sort -u
}

if [ -z "$(apt-cache search --names-only '^opensmtpd$')" ]; then apt-get update -qq; fi
packages=("${programs[@]}") before=0
while [ "${#packages[@]}" -ne "$before" ]; do
  before=${#packages[@]}
  mapfile -t packages < <({ printf '%s\n' "${packages[@]}"; libraries_of "${packages[@]}"; } | sort -u)
done

mkdir -p "$(dirname "$folder")"
work=$(mktemp -d "$(dirname "$folder")/unpacking-XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir "$work/root"
chmod 755 "$work/root"
(cd "$work" && apt-get -qq -o APT::Sandbox::User=root download "${packages[@]}")
for package in "$work"/*.deb; do dpkg -x "$package" "$work/root"; done
dpkg-deb -f "$work"/exim4-daemon-light_*.deb Version >"$work/root/exim.version"
dpkg-deb -f "$work"/opensmtpd_*.deb Version >"$work/root/opensmtpd.version"
rm -rf "$work/root/usr/share" "$work/root/usr/lib/systemd" "$work/root/etc"
chmod u-s,g-s "$work/root/usr/sbin/"*
rm -rf "$folder"
mv "$work/root" "$folder"
