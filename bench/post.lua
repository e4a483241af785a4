-- One alert a request, each with an identity of its own: "instance" counts up from a start that the command line gives.
-- Arguments: the kind of body (webhook, api, or mixed: the webhook with the labels of mixed-labels.ts), the bearer token or "-", the first number.
local counter, kind
local head = '{"receiver":"bench","status":"firing","alerts":[{"status":"firing","labels":{"alertname":"HighLatency","severity":"warning","job":"checkout","namespace":"shop-prod","instance":"'
local tail = '"},"annotations":{"summary":"p99 latency is above its objective","description":"The 99th percentile of request latency has been above 800 ms for ten minutes."},"startsAt":"2026-01-15T10:00:00.000Z","endsAt":"0001-01-01T00:00:00Z","generatorURL":"http://prometheus.example/graph?g0.expr=x"}],"groupLabels":{"alertname":"HighLatency"},"commonLabels":{"alertname":"HighLatency","severity":"warning","job":"checkout","namespace":"shop-prod"},"commonAnnotations":{},"externalURL":"http://alertmanager.example","version":"4","groupKey":"{}:{alertname=\\"HighLatency\\"}","truncatedAlerts":0}'
local apiHead = '[{"labels":{"alertname":"HighLatency","severity":"warning","job":"checkout","namespace":"shop-prod","instance":"'
local apiTail = '"},"annotations":{"summary":"p99 latency is above its objective","description":"The 99th percentile of request latency has been above 800 ms for ten minutes."},"generatorURL":"http://prometheus.example/graph?g0.expr=x"}]'
local mixedHead = '{"receiver":"bench","status":"firing","alerts":[{"status":"firing","labels":{"alertname":"HighLatency","job":"checkout","severity":"'
local environments = {'prod', 'staging', 'dev', 'test'}
local severities = {'critical', 'warning', 'warning', 'info'}

local function mixed(number)
  local team = number % 50
  return mixedHead .. severities[number % 4 + 1] .. '","namespace":"team-' .. team .. '-' .. environments[math.floor(number / 50) % 4 + 1] ..
    '","team":"team-' .. team .. '","service":"service-' .. number % 40 .. '","cluster":"cluster-' .. number % 5 .. '","instance":"' .. number .. tail
end

function init(args)
  kind = args[1]
  counter = tonumber(args[3] or '0')
  wrk.method = 'POST'
  wrk.headers['Content-Type'] = 'application/json'
  if args[2] and args[2] ~= '-' then wrk.headers['Authorization'] = 'Bearer ' .. args[2] end
end

function request()
  counter = counter + 1
  if kind == 'api' then return wrk.format(nil, nil, nil, apiHead .. counter .. apiTail) end
  if kind == 'mixed' then return wrk.format(nil, nil, nil, mixed(counter)) end
  return wrk.format(nil, nil, nil, head .. counter .. tail)
end

function done(summary, latency)
  io.write(string.format('{"requests":%d,"errors":%d,"timeouts":%d,"non2xx":%d,"us":%d,"p50":%d,"p99":%d}\n',
    summary.requests, summary.errors.connect + summary.errors.read + summary.errors.write, summary.errors.timeout,
    summary.errors.status, summary.duration, latency:percentile(50), latency:percentile(99)))
end
