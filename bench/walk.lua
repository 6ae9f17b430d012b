-- Asks for the paths of a file, one after the other and round again, each thread from another place.
--   wrk ... -s walk.lua URL -- FILE "Header: value" ...

local paths, headers, next = {}, {}, 0
local threads = 0

function setup(thread)
    thread:set("place", threads)
    threads = threads + 1
end

function init(arguments)
    for line in io.lines(arguments[1]) do
        paths[#paths + 1] = line
    end
    for index = 2, #arguments do
        local name, value = arguments[index]:match("^([^:]+): (.*)$")
        headers[name] = value
    end
    local requests = {}
    for index, path in ipairs(paths) do
        requests[index] = wrk.format("GET", path, headers)
    end
    paths = requests
    next = math.floor(#paths * place / 2)
end

function request()
    next = next % #paths + 1
    return paths[next]
end
