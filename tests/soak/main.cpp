// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "soak/crowd.h"

#include <csignal>

int main(int count, char **arguments)
{
    using namespace Rollcall::Soak;
    std::signal(SIGPIPE, SIG_IGN);
    Crowd crowd(Options::parse(count, arguments));
    crowd.run();
    crowd.print();
    return crowd.isFlawless() ? 0 : 1;
}
