#!/bin/sh
# Makes the certificates of the tests anew, in this folder: two private authorities, one that has expired, and a host's
# certificate that the first has signed. They hold until the year 2120 and guard nothing.
set -eu
cd "$(dirname "$0")"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cat > "$scratch/config" <<CONFIG
[ca]
default_ca = tests
[tests]
database = $scratch/index
new_certs_dir = $scratch
rand_serial = yes
policy = policy
default_md = sha256
[policy]
commonName = supplied
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
[host]
basicConstraints = CA:FALSE
extendedKeyUsage = serverAuth
subjectAltName = DNS:localhost, IP:127.0.0.1, DNS:git.test, DNS:*.git.test, DNS:elsewhere.test
CONFIG
: > "$scratch/index"

# key_and_request NAME SUBJECT
key_and_request() {
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$2" \
    -keyout "$1-key.pem" -out "$scratch/$1.csr" 2> "$scratch/log"
}
# sign NAME EXTENSIONS UNTIL OPTIONS...
sign() {
  name=$1 extensions=$2 until=$3
  shift 3
  openssl ca -config "$scratch/config" -batch -notext -startdate 20200101000000Z -enddate "$until" \
    -extensions "$extensions" -in "$scratch/$name.csr" -out "$name.pem" "$@" 2> "$scratch/log"
}

for name in authority other expired; do
  key_and_request "$name" "Hookline test authority: $name"
  until=21200101000000Z
  if [ "$name" = expired ]; then until=20210101000000Z; fi
  sign "$name" authority "$until" -selfsign -keyfile "$name-key.pem"
done
key_and_request host localhost
sign host host 21200101000000Z -cert authority.pem -keyfile authority-key.pem
rm authority-key.pem other-key.pem expired-key.pem
