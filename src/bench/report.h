// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace Rollcall::Bench {

/// Says on stderr what is wrong and exits with status 1.
[[noreturn]] void fail(const std::string &what);

/// The result of a run: figures in the order in which they were added.
class Report
{
public:
    explicit Report(std::string title)
        : m_title(std::move(title))
    { }

    /// `key` is the name in JSON; `label` and `unit` are for people.
    void add(std::string key, std::string label, double value, std::string unit = {},
             int decimals = 0);
    void printTable() const;
    void printJson() const;

private:
    struct Figure
    {
        std::string key;
        std::string label;
        std::string unit;
        double value;
        int decimals;
    };
    std::string m_title;
    std::vector<Figure> m_figures;
};

} // namespace Rollcall::Bench
