// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "bench/report.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace Rollcall::Bench {

void fail(const std::string &what)
{
    std::fprintf(stderr, "rollcall-bench: %s\n", what.c_str());
    std::exit(1);
}

void Report::add(std::string key, std::string label, double value, std::string unit, int decimals)
{
    m_figures.push_back({std::move(key), std::move(label), std::move(unit),
                         std::isfinite(value) ? value : 0, decimals});
}

void Report::printTable() const
{
    std::size_t width = 0;
    for (const Figure &figure : m_figures)
        width = std::max(width, figure.label.size());
    std::printf("%s\n", m_title.c_str());
    for (const Figure &figure : m_figures) {
        std::printf("  %-*s  %14.*f %s\n", int(width), figure.label.c_str(), figure.decimals,
                    figure.value, figure.unit.c_str());
    }
}

void Report::printJson() const
{
    std::printf("{\"scenario\":\"%s\"", m_title.c_str());
    for (const Figure &figure : m_figures)
        std::printf(",\"%s\":%.*f", figure.key.c_str(), std::max(figure.decimals, 3), figure.value);
    std::printf("}\n");
}

} // namespace Rollcall::Bench
