// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/base/settingtext_p.h"

#include "core/base/configuration.h"

#include <array>
#include <cmath>

namespace Rollcall {

using Milliseconds = std::chrono::milliseconds;

namespace {

struct Unit
{
    const char *name;
    qint64 factor;
};
constexpr std::array kDurationUnits{Unit{"ms", 1}, Unit{"s", 1000}, Unit{"m", 60'000},
                                    Unit{"h", 3'600'000}, Unit{"d", 86'400'000}};
constexpr std::array kByteUnits{Unit{"", 1}, Unit{"B", 1}, Unit{"KiB", 1 << 10},
                                Unit{"MiB", 1 << 20}, Unit{"GiB", 1 << 30}};

template <size_t N>
std::optional<qint64> parseWithUnit(const QString &text, const std::array<Unit, N> &units)
{
    qsizetype digits = 0;
    while (digits < text.size() && (text[digits].isDigit() || text[digits] == QLatin1Char('.')))
        ++digits;
    const QString unit = text.mid(digits).trimmed();
    bool isNumber = false;
    const double number = QStringView(text).left(digits).toDouble(&isNumber);
    if (!isNumber)
        return std::nullopt;
    for (const Unit &candidate : units) {
        if (unit == QLatin1String(candidate.name)) {
            const double product = number * double(candidate.factor);
            if (!(product <= 9e15) || std::floor(product) != product)
                return std::nullopt;
            return qint64(product);
        }
    }
    return std::nullopt;
}

} // namespace

QString durationText(Milliseconds duration)
{
    const Unit *best = &kDurationUnits.front();
    for (const Unit &unit : kDurationUnits) {
        if (duration.count() != 0 && duration.count() % unit.factor == 0)
            best = &unit;
    }
    return duration.count() == 0 ? QStringLiteral("0s")
                                 : QStringLiteral("%1%2")
                                       .arg(duration.count() / best->factor)
                                       .arg(QLatin1String(best->name));
}

std::optional<Milliseconds> parseDuration(const QString &text, Milliseconds unit)
{
    bool isBare = false;
    const double bare = text.toDouble(&isBare);
    if (isBare) {
        if (bare == 0)
            return Milliseconds(0);
        if (unit.count() == 0 || !(bare >= 0 && bare < 1e12))
            return std::nullopt;
        return Milliseconds(qint64(bare * double(unit.count())));
    }
    if (const auto count = parseWithUnit(text, kDurationUnits))
        return Milliseconds(*count);
    return std::nullopt;
}

std::optional<qint64> parseBytes(const QString &text) { return parseWithUnit(text, kByteUnits); }

std::optional<bool> parseBoolean(const QString &text)
{
    const QString lower = text.toLower();
    for (const char *word : {"true", "1", "yes", "on"}) {
        if (lower == QLatin1String(word))
            return true;
    }
    for (const char *word : {"false", "0", "no", "off"}) {
        if (lower == QLatin1String(word))
            return false;
    }
    return std::nullopt;
}

} // namespace Rollcall
