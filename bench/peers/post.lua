-- Posts the bodies of a file, one after the other and round again, each with another number where it says NUMBER, and as if
-- a proxy had passed it on from another reader each time.
--   wrk ... -s post.lua URL -- FILE, whose lines are a path, a space and a body

local posts, next, number = {}, 0, 0
local threads = 0

function setup(thread)
    thread:set("place", threads)
    threads = threads + 1
end

function init(arguments)
    for line in io.lines(arguments[1]) do
        local path, body = line:match("^(%S+) (.*)$")
        posts[#posts + 1] = { path = path, body = body }
    end
    next = math.floor(#posts * place / 2)
    number = (os.time() * 2 + place) * 1000000
end

function request()
    next, number = next % #posts + 1, number + 1
    local body = posts[next].body:gsub("NUMBER", string.format("%d", number))
    local reader = string.format("10.%d.%d.%d", number / 65536 % 256, number / 256 % 256, number % 256)
    local headers = { ["Content-Type"] = "application/json", ["X-Forwarded-For"] = reader }
    return wrk.format("POST", posts[next].path, headers, body)
end
