// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/metrics.h"

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace Rollcall {

/// The counters of one name that differ by one label, each looked up in the registry once.
class LabelledCounter
{
public:
    /// `metrics` is borrowed.
    LabelledCounter(Metrics &metrics, std::string name, std::string help, std::string label)
        : m_metrics(metrics)
        , m_name(std::move(name))
        , m_help(std::move(help))
        , m_label(std::move(label))
    { }

    /// `value` comes from a fixed set.
    void count(std::string_view value)
    {
        auto found = m_counters.find(value);
        if (found == m_counters.end()) {
            const std::string text(value);
            found = m_counters.emplace(text, &m_metrics.counter(m_name, m_help, {{m_label, text}}))
                        .first;
        }
        found->second->Increment();
    }

private:
    Metrics &m_metrics;
    std::string m_name;
    std::string m_help;
    std::string m_label;
    std::map<std::string, prometheus::Counter *, std::less<>> m_counters;
};

} // namespace Rollcall
