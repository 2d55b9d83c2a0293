#!/usr/bin/env bash
# The image's steps without Docker, as root: the production install of Dockerfile into an empty folder, then its
# command as uid 10001 on a root that is read-only, and its health check. Needs `npm run build`.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
app=$scratch/app
mkdir -p "$app/deploy" "$app/examples"
cd "$root"
cp package.json package-lock.json "$app"
(cd "$app" && npm ci --omit=dev --ignore-scripts --prefer-offline --no-audit --no-fund --loglevel=error)
cp -r dist config.schema.json schema.graphql LICENSE "$app"
cp -r examples/queries "$app/examples/queries"
cp deploy/healthcheck.js "$app/deploy"
chmod -R a+rX "$scratch"
[ ! -e "$app/node_modules/vitest" ] || { echo 'packages of development are in the image' >&2; exit 1; }

export APP=$app PORT ENTRY
ENTRY=$(sed -n 's/^ENTRYPOINT //p' Dockerfile | tr -d '[],"')
PORT=$(node -e "const s = require('node:net').createServer().listen(0, '127.0.0.1', () => { console.log(s.address().port); s.close(); });")
export MOUNT=/mnt
apart=(unshare --mount --propagation private)
if ! "${apart[@]}" true 2>/dev/null; then # as in a container without the right to mount
  echo 'nothing can be mounted here: the root is what the user may not write, and not read-only'
  apart=() MOUNT=
fi
"${apart[@]}" bash -euc '
  if [ -n "$MOUNT" ]; then mount --bind / /mnt && mount -o remount,ro,bind /mnt; fi
  cd "$MOUNT$APP"
  as="setpriv --reuid 10001 --regid 10001 --clear-groups --no-new-privs"
  if $as touch "$MOUNT$APP/x" 2>/dev/null; then echo "the root can be written" >&2; exit 1; fi
  $as env NODE_ENV=production HOST=0.0.0.0 $ENTRY serve --sandbox &
  server=$!
  trap "kill -KILL $server 2>/dev/null || true" EXIT
  if $as node deploy/healthcheck.js; then echo "healthy before it listens" >&2; exit 1; fi
  for _ in $(seq 150); do $as node deploy/healthcheck.js && break; kill -0 $server; sleep 0.2; done
  $as node deploy/healthcheck.js
  grep -q "^Uid:.10001" /proc/$server/status
  kill -TERM $server
  wait $server
'
echo 'the image: installed, started as uid 10001 on a read-only root, healthy, drained'
