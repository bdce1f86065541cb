// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/base/configuration.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

#include <toml++/toml.h>

namespace Rollcall {

namespace {

QString fromStd(std::string_view text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

QString place(const QString &file, const toml::node &node)
{
    return QStringLiteral("%1:%2").arg(file).arg(node.source().begin.line);
}

QJsonValue toJson(const toml::node &node)
{
    if (const auto *table = node.as_table()) {
        QJsonObject object;
        for (const auto &[key, value] : *table)
            object.insert(fromStd(key.str()), toJson(value));
        return object;
    }
    if (const auto *array = node.as_array()) {
        QJsonArray list;
        for (const auto &value : *array)
            list.append(toJson(value));
        return list;
    }
    if (const auto *text = node.as_string())
        return fromStd(text->get());
    if (const auto *integer = node.as_integer())
        return QJsonValue(qint64(integer->get()));
    if (const auto *number = node.as_floating_point())
        return QJsonValue(number->get());
    if (const auto *boolean = node.as_boolean())
        return QJsonValue(boolean->get());
    return QJsonValue(QStringLiteral("(a date)"));
}

bool isArrayOfTables(const toml::node &node)
{
    const auto *array = node.as_array();
    return array && !array->empty() && array->is_homogeneous(toml::node_type::table);
}

} // namespace

void Configuration::loadFile(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        addError(QStringLiteral("%1: cannot be read: %2").arg(path, file.errorString()));
        return;
    }
    loadText(file.readAll(), path);
}

void Configuration::loadText(const QByteArray &text, const QString &name)
{
    const auto flatten = [this, &name](const auto &self, const toml::table &table,
                                       const QString &prefix) -> void {
        for (const auto &[key, node] : table) {
            const QString path = prefix.isEmpty() ? fromStd(key.str())
                                                  : prefix + QLatin1Char('.') + fromStd(key.str());
            if (const auto *inner = node.as_table()) {
                m_tableSources.insert(path, place(name, node));
                self(self, *inner, path);
            } else if (isArrayOfTables(node)) {
                insert(path, {toJson(node), place(name, *node.as_array()->get(0)), false, false});
            } else {
                insert(path, {toJson(node), place(name, node), false, false});
            }
        }
    };
    try {
        const toml::table root =
            toml::parse(std::string_view(text.constData(), size_t(text.size())));
        flatten(flatten, root, {});
    } catch (const toml::parse_error &error) {
        addError(QStringLiteral("%1:%2: %3")
                     .arg(name)
                     .arg(error.source().begin.line)
                     .arg(fromStd(error.description())));
    }
}

void Configuration::insert(const QString &name, Value value)
{
    m_file.insert(name, std::move(value));
}

void Configuration::setEnvironment(const QProcessEnvironment &environment)
{
    m_environment = environment;
}

void Configuration::set(const QString &assignment)
{
    const qsizetype equals = assignment.indexOf(QLatin1Char('='));
    const QString name = assignment.left(equals).trimmed();
    if (equals < 0 || !name.contains(QLatin1Char('.'))) {
        addError(QStringLiteral("--set %1: expected section.key=value").arg(assignment));
        return;
    }
    Value value{assignment.mid(equals + 1), QStringLiteral("--set ") + name, true, false};
    m_commandLine.insert(name, std::move(value));
}

void Configuration::ignoreSection(const QString &section)
{
    for (auto *values : {&m_file, &m_commandLine}) {
        for (auto it = values->begin(); it != values->end(); ++it) {
            if (it.key().section(QLatin1Char('.'), 0, 0) == section)
                it->read = true;
        }
    }
}

void Configuration::finish(const QStringList &sections)
{
    QStringList unknown;
    for (const auto *values : {&m_file, &m_commandLine}) {
        for (auto it = values->cbegin(); it != values->cend(); ++it) {
            const QString section = it.key().section(QLatin1Char('.'), 0, 0);
            if (!it->read && (sections.isEmpty() || sections.contains(section)))
                unknown.append(
                    QStringLiteral("%1: unknown setting '%2'").arg(it->source, it.key()));
        }
    }
    unknown.sort();
    m_errors += unknown;
}

QStringList Configuration::differences(const Configuration &before, const Configuration &after)
{
    QStringList names;
    for (auto it = after.m_effective.cbegin(); it != after.m_effective.cend(); ++it) {
        if (before.m_effective.value(it.key()) != it.value())
            names.append(it.key());
    }
    return names;
}

} // namespace Rollcall
