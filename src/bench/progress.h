// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "bench/time.h"

#include <string>

namespace Rollcall::Bench {

/// One line on stderr that says how far it is: rewritten in place on a terminal, once every two
/// seconds elsewhere.
class Progress
{
public:
    explicit Progress(bool isQuiet);
    ~Progress();

    void show(const std::string &text);

private:
    bool m_isQuiet;
    bool m_isTerminal;
    bool m_isShown = false;
    Microseconds m_next{0};
};

} // namespace Rollcall::Bench
