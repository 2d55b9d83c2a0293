-- Sends the JSON bodies in turn that stand in a file, one a line, and prints the figures as JSON.
local requests, at = {}, 0
local headers = { ["content-type"] = "application/json", ["accept"] = "application/json" }
function init(args)
  for line in io.lines(args[1]) do requests[#requests + 1] = wrk.format("POST", nil, headers, line) end
end
function request()
  at = at % #requests + 1
  return requests[at]
end
function done(summary, latency)
  local failed = summary.errors
  io.write(string.format('\nRESULT {"requests":%d,"micros":%d,"bytes":%d,"p50":%d,"p99":%d,"failed":%d}\n',
    summary.requests, summary.duration, summary.bytes, latency:percentile(50), latency:percentile(99),
    failed.connect + failed.read + failed.write + failed.status + failed.timeout))
end
