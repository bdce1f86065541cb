// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

#include <exception>

namespace Rollcall {

/// Runs a plugin's code. An exception is the plugin's failure, not the host's. Empty, or what was
/// thrown.
template <typename Function>
QString contained(Function function)
{
    try {
        function();
    } catch (const std::exception &exception) {
        return QStringLiteral("threw an exception: ") + QString::fromUtf8(exception.what());
    } catch (...) {
        return QStringLiteral("threw an exception");
    }
    return {};
}

} // namespace Rollcall
