-- Sends the same request again and again, each time with another number where its body says NUMBER.
--   wrk ... -s write.lua URL -- METHOD PATH FILE "Header: value" ...

local method, path, body
local headers = {}
local number = 0

function init(arguments)
    method, path = arguments[1], arguments[2]
    body = io.open(arguments[3]):read("*a")
    for index = 4, #arguments do
        local name, value = arguments[index]:match("^([^:]+): (.*)$")
        headers[name] = value
    end
    headers["Content-Type"] = "application/json"
    math.randomseed(os.time())
    number = math.random(1000000, 2000000) * 1000
end

function request()
    number = number + 1
    return wrk.format(method, path, headers, (body:gsub("NUMBER", string.format("%d", number))))
end
