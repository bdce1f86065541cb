// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/redis/rediscommand_p.h"

#include <QVarLengthArray>

#include <hiredis/hiredis.h>

namespace Rollcall {

bool appendRedisCommand(QByteArray &output, std::span<const QByteArrayView> arguments)
{
    if (arguments.empty())
        return false;
    QVarLengthArray<const char *, 16> texts;
    QVarLengthArray<size_t, 16> lengths;
    for (const QByteArrayView argument : arguments) {
        texts.append(argument.isNull() ? "" : argument.data());
        lengths.append(size_t(argument.size()));
    }
    char *formatted = nullptr;
    // int in hiredis 0.14, long long since 1.0.
    const auto length =
        redisFormatCommandArgv(&formatted, int(arguments.size()), texts.data(), lengths.data());
    if (length < 0)
        return false;
    output.append(formatted, qsizetype(length));
    redisFreeCommand(formatted);
    return true;
}

} // namespace Rollcall
