// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "bench/processusage.h"

#include "bench/report.h"

#include <cstdio>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string>
#include <unistd.h>

namespace Rollcall::Bench {

namespace {

std::string contents(int pid, const char *file)
{
    std::ifstream stream("/proc/" + std::to_string(pid) + '/' + file);
    std::stringstream text;
    text << stream.rdbuf();
    return text.str();
}

} // namespace

ProcessUsage ProcessUsage::of(int pid)
{
    if (pid == 0)
        return {};
    const std::string stat = contents(pid, "stat");
    const std::size_t name = stat.rfind(')'); // may hold anything
    unsigned long user = 0;
    unsigned long system = 0;
    if (name == std::string::npos
        || std::sscanf(stat.c_str() + name + 1,
                       " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system)
            != 2)
        fail("there is no process " + std::to_string(pid) + " (--pid)");
    unsigned long pages = 0;
    std::sscanf(contents(pid, "statm").c_str(), "%*u %lu", &pages);
    return {double(user + system) / double(sysconf(_SC_CLK_TCK)),
            double(pages) * double(sysconf(_SC_PAGESIZE))};
}

ProcessUsage ProcessUsage::ofThisProcess() { return of(getpid()); }

} // namespace Rollcall::Bench
