#!/usr/bin/env bash
# The release, rehearsed: packs the package, installs the tarball in an empty folder, and lets each Node version that is
# supported start it, ask it and drain it. `rehearse.sh [VERSION…]`; without versions 22 and 24. Needs `npm run build`.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
versions=("$@")
[ ${#versions[@]} -gt 0 ] || versions=(22 24)
scratch=$(mktemp -d)
server=
finish() {
  if [ -n "$server" ]; then kill -KILL "$server" 2>/dev/null || true; fi
  rm -rf "$scratch"
}
trap finish EXIT

fail() {
  echo "FAILED: $1" >&2
  cat "$scratch/server.log" 2>/dev/null >&2 || true
  exit 1
}

(cd "$root" && npm pack --silent --ignore-scripts --pack-destination "$scratch" >/dev/null)
mkdir "$scratch/app"
cd "$scratch/app"
echo '{ "private": true }' >package.json
npm install --prefer-offline --no-audit --no-fund --loglevel=error "$scratch"/copygraph-*.tgz

rehearse() { # with the node of a version: start, ask both vendors, drain
  local node=$1 url= answer code=0
  "$node" node_modules/copygraph/dist/cli.js serve --sandbox --port 0 >"$scratch/out" 2>"$scratch/server.log" &
  server=$!
  for _ in $(seq 300); do
    url=$(sed -n 's/^ *GraphiQL *//p' "$scratch/out")
    [ -n "$url" ] && break
    kill -0 "$server" 2>/dev/null || fail 'it ended at its start'
    sleep 0.2
  done
  answer=$("$node" -e '
    const query = "{ copyOperations(first: 500) { nodes { __typename } upstreamReports { ok } } }";
    const headers = { "content-type": "application/json" };
    const ask = async (tries) => {
      const answer = await (await fetch(process.argv[1], { method: "POST", headers, body: JSON.stringify({ query }) })).json();
      const whole = answer.data?.copyOperations?.upstreamReports.every(({ ok }) => ok);
      return whole || tries === 0 ? answer : ask(tries - 1);
    };
    ask(5).then(({ data, errors }) => {
      const kinds = new Set(data?.copyOperations?.nodes.map(({ __typename }) => __typename));
      console.log(errors === undefined && kinds.has("CopyRun") && kinds.has("CopyJob") ? "both" : JSON.stringify(errors));
    });' "$url")
  [ "$answer" = both ] || fail "it answered $answer"
  kill -TERM "$server"
  wait "$server" || code=$?
  server=
  [ $code -eq 0 ] || fail "it ended with $code"
}

for version in "${versions[@]}"; do
  mkdir "$scratch/node-$version"
  (cd "$scratch/node-$version" && echo '{}' >package.json && npm install --prefer-offline --no-audit --no-fund --loglevel=error --foreground-scripts "node@$version" >/dev/null)
  node="$scratch/node-$version/node_modules/node/bin/node"
  [ -x "$node" ] || node=$(ls -d "$scratch/node-$version"/node_modules/node-*/bin/node 2>/dev/null | head -1)
  [ -x "$node" ] || fail "no node of version $version"
  rehearse "$node"
  echo "the tarball starts, answers and drains on $("$node" --version)"
done
