// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

namespace Rollcall {

struct DescriptorLimit
{
    quint64 soft = 0;
    quint64 hard = 0;
};

DescriptorLimit descriptorLimit();
/// Raises the soft limit to the hard one: every connection takes a descriptor.
DescriptorLimit raiseDescriptorLimit();

} // namespace Rollcall
