#!/bin/sh
# sh packaging/container/make_secrets.sh [FOLDER [HOST]]: writes secrets into ./secrets, or FOLDER, unless they exist.
#
# They are those of compose.yaml and of packaging/kubernetes. redis_url and valkey.conf share Valkey's password; HOST is
# Valkey's (default: valkey). api_keys holds one key for the first caller, metrics_token what /metrics asks for.
set -eu
folder=${1:-secrets}
host=${2:-valkey}
umask 077

random() { head -c 32 /dev/urandom | od -An -v -t x1 | tr -d ' \n'; }

if [ -e "$folder" ]; then
    echo "$folder exists already; nothing was changed." >&2
    exit 1
fi
mkdir "$folder"
password=$(random)
printf 'redis://default:%s@%s:6379/0\n' "$password" "$host" >"$folder/redis_url"
printf '%s\n' "requirepass $password" 'appendonly yes' 'maxmemory-policy noeviction' 'maxmemory 768mb' 'dir /data' >"$folder/valkey.conf"
printf 'ocr_%s\n' "$(random)" >"$folder/api_keys"
random >"$folder/metrics_token"
# The containers' users, not only this one, must be able to read the files; the folder keeps others out.
chmod 644 "$folder"/*
echo "Wrote $folder/redis_url, $folder/valkey.conf, $folder/metrics_token and $folder/api_keys (the API key for X-API-Key)."
