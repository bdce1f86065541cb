// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/auth/randomsecret.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sys/random.h>

namespace Rollcall {

namespace {

QByteArray randomText(int bytes)
{
    QByteArray random(bytes, Qt::Uninitialized);
    // Not Qt's system generator: it asks the processor for each number, which takes microseconds.
    for (qsizetype filled = 0; filled < random.size();) {
        const ssize_t count =
            ::getrandom(random.data() + filled, size_t(random.size() - filled), 0);
        if (count < 0 && errno != EINTR)
            qFatal("there are no random numbers: %s", std::strerror(errno));
        filled += std::max<qsizetype>(count, 0);
    }
    return random.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

} // namespace

QByteArray randomSecret() { return randomText(32); }

QByteArray randomId(int bytes) { return randomText(bytes); }

} // namespace Rollcall
