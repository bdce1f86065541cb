// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "bench/progress.h"

#include <cstdio>
#include <unistd.h>

namespace Rollcall::Bench {

Progress::Progress(bool isQuiet)
    : m_isQuiet(isQuiet)
    , m_isTerminal(isatty(STDERR_FILENO) == 1)
{ }

Progress::~Progress()
{
    if (m_isShown && m_isTerminal)
        std::fprintf(stderr, "\r\033[K");
}

void Progress::show(const std::string &text)
{
    const Microseconds time = now();
    if (m_isQuiet || time < m_next)
        return;
    m_next = time + fromSeconds(m_isTerminal ? 0.2 : 2);
    m_isShown = true;
    std::fprintf(stderr, m_isTerminal ? "\r\033[K%s" : "%s\n", text.c_str());
    std::fflush(stderr);
}

} // namespace Rollcall::Bench
