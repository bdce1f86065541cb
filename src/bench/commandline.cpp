// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "bench/commandline.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string_view>

namespace Rollcall::Bench {

namespace {

constexpr char kHelp[] = R"(usage: rollcall-bench <scenario> [options] <ws://host:port[/ws]> ...
       rollcall-bench --serve-limit [--port 9090]

Loads a Rollcall host (rooms dialect) and says what it delivers, how late and at what cost.
Several URLs are several nodes: connections are spread over them.

scenarios
  fanout       members of rooms send movement or chat; deliveries, latency, CPU per delivery
  idle         connections that joined and say nothing; memory and CPU of each
  storm        everybody arrives at once, token and join included
  heartbeat    everybody beats; latency of the answers, CPU per heartbeat
  churn        people leave and come back at a rate; latency of coming in
  reconnect    everybody stays for --seconds and comes back from whatever happens meanwhile (a drain,
               a restart); for how long they were away, who was refused, who was seen leaving

load
  --connections N       connections in all (100)
  --room-size N         members of a room (10)
  --rooms N             rooms that talk; the other connections only sit there (all)
  --senders N           senders in a room (all)
  --window W            closed loop: W messages of each sender are under way (1); for the most that
                        a host can do
  --rate R              open loop instead: R messages per second in all, by a schedule; latency is
                        counted from the scheduled time. churn: people per second
  --message KIND        movement or chat (movement)
  --batch               clients that take movement in batches
  --heartbeat S         a heartbeat of each connection every S seconds, 0: none (20)
  --warmup S            before measuring (2)
  --seconds S           of measuring (10)

coming in
  --at-once N           connections being made at a time (100)
  --patience S          for each to be ready (30)
  --join                get a token from POST /rooms/join for each
  --secret TEXT         make the tokens with the host's auth.secret instead
  --prefix TEXT         of the names of rooms and users (bench-)
  --bare                storm: the WebSocket handshake only
  --reconnect           come back after a loss: obeys draining and close codes, with jittered backoff
  --source-addresses N  from 127.0.0.1 .. 127.0.0.N: more connections than ports

what is said
  --pid PID             the host's process: adds its CPU and memory
  --json                one JSON object instead of a table
  --quiet               no progress line

the limit
  --serve-limit         serves the same clients with epoll alone: a frame is copied to the room and
                        written at the end of the loop turn, nothing else is done. What a host
                        reaches of it is what can be reached on this machine. Ends with ^C
  --port N              of --serve-limit (9090); 0: any

Set limits.transformsPerSecond, limits.chatPerSecond, edge.maxConnectionsPerAddress and so on to 0 in
the host that is measured, or its limits are what is measured. docs/benchmark.md tells more.
)";

[[noreturn]] void refuse(const std::string &what)
{
    std::fprintf(stderr, "rollcall-bench: %s\nrollcall-bench: --help lists what there is\n",
                 what.c_str());
    std::exit(2);
}

double number(std::string_view name, const std::string &text, double least)
{
    char *end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    if (text.empty() || *end || !(value >= least))
        refuse(std::string(name) + " needs a number of at least " + std::to_string(int(least))
               + ", not '" + text + "'");
    return value;
}

struct Switch
{
    std::string_view name;
    std::function<void(Options &)> set;
};
struct Setting
{
    std::string_view name;
    std::function<void(Options &, const std::string &)> set;
};

Setting integer(std::string_view name, int Options::*member, int least)
{
    return {name, [=](Options &options, const std::string &text) {
                options.*member = int(number(name, text, least));
            }};
}

Setting decimal(std::string_view name, double Options::*member)
{
    return {name, [=](Options &options, const std::string &text) {
                options.*member = number(name, text, 0);
            }};
}

const std::array kSwitches{
    Switch{"--batch", [](Options &options) { options.isBatch = true; }},
    Switch{"--join", [](Options &options) { options.asksForTokens = true; }},
    Switch{"--bare", [](Options &options) { options.isBare = true; }},
    Switch{"--reconnect", [](Options &options) { options.reconnects = true; }},
    Switch{"--json", [](Options &options) { options.isJson = true; }},
    Switch{"--quiet", [](Options &options) { options.isQuiet = true; }},
    Switch{"--serve-limit", [](Options &options) { options.scenario = "serve-limit"; }},
};

const std::array kSettings{
    integer("--connections", &Options::connections, 1),
    integer("--rooms", &Options::rooms, 0),
    integer("--room-size", &Options::roomSize, 1),
    integer("--senders", &Options::senders, 0),
    integer("--window", &Options::window, 1),
    integer("--at-once", &Options::atOnce, 1),
    integer("--source-addresses", &Options::sourceAddresses, 1),
    integer("--pid", &Options::pid, 1),
    integer("--port", &Options::port, 0),
    decimal("--warmup", &Options::warmup),
    decimal("--seconds", &Options::seconds),
    decimal("--heartbeat", &Options::heartbeat),
    decimal("--patience", &Options::patience),
    Setting{"--rate",
            [](Options &options, const std::string &text) {
                options.rate = number("--rate", text, 0);
                options.window = 0;
            }},
    Setting{"--message",
            [](Options &options, const std::string &text) {
                if (text != "movement" && text != "chat")
                    refuse("--message is movement or chat, not '" + text + "'");
                options.message =
                    text == "chat" ? Options::Message::Chat : Options::Message::Movement;
            }},
    Setting{"--secret", [](Options &options, const std::string &text) { options.secret = text; }},
    Setting{"--prefix",
            [](Options &options, const std::string &text) {
                const auto isPlain = [](char each) {
                    return (each >= 'a' && each <= 'z') || (each >= '0' && each <= '9')
                        || each == '-';
                };
                if (text.size() > 32 || !std::ranges::all_of(text, isPlain))
                    refuse("--prefix takes at most 32 of a-z, 0-9 and -");
                options.prefix = text;
            }},
};

void check(const Options &options)
{
    constexpr std::array<std::string_view, 7> scenarios{
        "fanout", "idle", "storm", "heartbeat", "churn", "reconnect", "serve-limit"};
    if (options.scenario.empty())
        refuse("which scenario?");
    if (std::ranges::find(scenarios, options.scenario) == scenarios.end())
        refuse("there is no scenario '" + options.scenario + "'");
    if (options.scenario == "serve-limit")
        return;
    if (options.targets.empty())
        refuse("which host? It takes a URL like ws://127.0.0.1:8080/ws");
    if (options.scenario == "fanout" && options.roomSize < 2)
        refuse("nobody hears anything in rooms of one");
    if (options.scenario == "fanout" && options.talkingRooms() == 0)
        refuse("--connections is less than one room of --room-size");
    if (options.talkingConnections() > options.connections)
        refuse("--rooms times --room-size is more than --connections");
    if (options.senders > options.roomSize)
        refuse("--senders is more than --room-size");
    if (options.scenario == "heartbeat" && options.heartbeat == 0)
        refuse("--heartbeat 0 leaves nothing to measure");
}

} // namespace

int Options::talkingRooms() const { return rooms > 0 ? rooms : connections / roomSize; }

Options parseCommandLine(int argc, char **argv)
{
    Options options;
    for (int i = 1; i < argc; ++i) {
        std::string name = argv[i];
        if (name == "--help" || name == "-h") {
            std::fputs(kHelp, stdout);
            std::exit(0);
        }
        if (name.substr(0, 1) != "-") {
            if (options.scenario.empty())
                options.scenario = name;
            else
                options.targets.push_back(Target::parse(name));
            continue;
        }
        if (const auto found = std::ranges::find(kSwitches, name, &Switch::name);
            found != kSwitches.end()) {
            found->set(options);
            continue;
        }
        std::string value;
        const std::size_t equals = name.find('=');
        const bool isTogether = equals != std::string::npos;
        if (isTogether) {
            value = name.substr(equals + 1);
            name.resize(equals);
        }
        const auto found = std::ranges::find(kSettings, name, &Setting::name);
        if (found == kSettings.end())
            refuse("there is no option " + name);
        if (!isTogether) {
            if (++i == argc)
                refuse(name + " needs a value");
            value = argv[i];
        }
        found->set(options, value);
    }
    check(options);
    return options;
}

} // namespace Rollcall::Bench
