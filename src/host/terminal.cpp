// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "host/terminal.h"

#include <cstdio>

namespace Rollcall {

void print(const QString &text)
{
    std::fputs(text.toUtf8().constData(), stdout);
    std::fflush(stdout);
}

void printError(const QString &text)
{
    std::fputs(("rollcall: " + text.toUtf8() + '\n').constData(), stderr);
}

} // namespace Rollcall
