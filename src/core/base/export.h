// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

#ifdef ROLLCALL_BASE_LIBRARY
#define ROLLCALL_BASE_EXPORT Q_DECL_EXPORT
#else
#define ROLLCALL_BASE_EXPORT Q_DECL_IMPORT
#endif

#ifdef ROLLCALL_CORE_LIBRARY
#define ROLLCALL_CORE_EXPORT Q_DECL_EXPORT
#else
#define ROLLCALL_CORE_EXPORT Q_DECL_IMPORT
#endif
