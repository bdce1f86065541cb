// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/extension/pluginmetadata.h"

#include <QJsonArray>
#include <QRegularExpression>

#include <algorithm>

namespace Rollcall {

namespace {

/// Takes one member after the other and remembers what was wrong and what nobody asked for.
class MemberReader
{
public:
    MemberReader(const QJsonObject &json, const QString &place)
        : m_rest(json)
        , m_place(place)
    { }

    QString text(const char *key, bool isRequired)
    {
        const QJsonValue value = take(key);
        const QString text = value.toString();
        if (value.isUndefined() ? isRequired : text.trimmed().isEmpty())
            error(QStringLiteral("%1 must be a text").arg(QLatin1String(key)));
        return text;
    }

    QString matching(const char *key, const QRegularExpression &pattern, bool isRequired)
    {
        const QString value = text(key, isRequired);
        if (!value.isEmpty() && !pattern.match(value).hasMatch())
            error(QStringLiteral("%1 \"%2\" must match %3")
                      .arg(QLatin1String(key), value.left(64), pattern.pattern()));
        return value;
    }

    QVersionNumber version(const char *key, bool isRequired)
    {
        static const QRegularExpression pattern(QStringLiteral("^[0-9]{1,6}(\\.[0-9]{1,6}){0,2}$"));
        return QVersionNumber::fromString(matching(key, pattern, isRequired));
    }

    QStringList names(const char *key, const QRegularExpression &pattern)
    {
        QStringList names;
        for (const QJsonValue &item : array(key)) {
            const QString name = item.toString();
            if (!pattern.match(name).hasMatch())
                error(QStringLiteral("%1: \"%2\" must match %3")
                          .arg(QLatin1String(key), name.left(64), pattern.pattern()));
            else if (names.contains(name))
                error(QStringLiteral("%1: \"%2\" is there twice").arg(QLatin1String(key), name));
            else
                names.append(name);
        }
        return names;
    }

    QJsonArray array(const char *key)
    {
        const QJsonValue value = take(key);
        if (!value.isUndefined() && !value.isArray())
            error(QStringLiteral("%1 must be a list").arg(QLatin1String(key)));
        return value.toArray();
    }

    void error(const QString &text) { m_errors.append(m_place + text); }

    QStringList finish()
    {
        for (auto it = m_rest.constBegin(); it != m_rest.constEnd(); ++it) {
            if (!it.key().startsWith(QLatin1String("X-")))
                error(QStringLiteral("unknown member \"%1\"").arg(it.key().left(64)));
        }
        return m_errors;
    }

private:
    QJsonValue take(const char *key) { return m_rest.take(QLatin1String(key)); }

    QJsonObject m_rest;
    QString m_place;
    QStringList m_errors;
};

PluginDependency readDependency(const QJsonObject &json, QStringList &errors)
{
    static const QRegularExpression namePattern(QStringLiteral("^[A-Za-z][A-Za-z0-9-]{0,63}$"));
    MemberReader reader(json, QStringLiteral("Dependencies: "));
    PluginDependency dependency;
    dependency.name = reader.matching("Name", namePattern, true);
    dependency.version = reader.version("Version", false);
    const QString type = reader.text("Type", false);
    if (type == QLatin1String("optional"))
        dependency.type = PluginDependency::Type::Optional;
    else if (!type.isEmpty() && type != QLatin1String("required"))
        reader.error(QStringLiteral("Type must be \"required\" or \"optional\""));
    errors += reader.finish();
    return dependency;
}

PluginCommand readCommand(const QJsonObject &json, QStringList &errors)
{
    static const QRegularExpression namePattern(QStringLiteral("^[a-z][a-z0-9-]{0,31}$"));
    MemberReader reader(json, QStringLiteral("Commands: "));
    PluginCommand command;
    command.name = reader.matching("Name", namePattern, true);
    command.description = reader.text("Description", true);
    errors += reader.finish();
    return command;
}

void readCommands(const QJsonArray &list, PluginMetaData &data, QStringList &errors)
{
    for (const QJsonValue &item : list) {
        PluginCommand command = readCommand(item.toObject(), errors);
        const auto sameName = [&](const PluginCommand &other) {
            return other.name == command.name;
        };
        if (std::ranges::any_of(data.commands, sameName))
            errors.append(QStringLiteral("Commands: \"%1\" is there twice").arg(command.name));
        else
            data.commands.push_back(std::move(command));
    }
}

} // namespace

Result<PluginMetaData> PluginMetaData::fromJson(const QJsonObject &json)
{
    static const QRegularExpression idPattern(QStringLiteral("^[a-z][a-z0-9-]{0,63}$"));
    static const QRegularExpression servicePattern(QStringLiteral("^[A-Z][A-Za-z0-9]{0,63}$"));
    static const QRegularExpression sectionPattern(QStringLiteral("^[a-z][A-Za-z0-9]{0,63}$"));

    MemberReader reader(json, {});
    PluginMetaData data;
    data.id = reader.matching("Id", idPattern, true);
    data.name = reader.text("Name", true);
    data.description = reader.text("Description", true);
    data.version = reader.version("Version", true);
    data.compatVersion = reader.version("CompatVersion", false);
    if (data.compatVersion.isNull())
        data.compatVersion = data.version;
    if (data.compatVersion.normalized() > data.version.normalized())
        reader.error(QStringLiteral("CompatVersion must not be later than Version"));
    data.provides = reader.names("Provides", servicePattern);
    data.configurationSections = reader.names("ConfigurationSections", sectionPattern);

    const QJsonArray dependencies = reader.array("Dependencies");
    const QJsonArray commands = reader.array("Commands");
    QStringList errors = reader.finish();
    readCommands(commands, data, errors);
    for (const QJsonValue &item : dependencies) {
        const PluginDependency dependency = readDependency(item.toObject(), errors);
        const bool isOwn = dependency.name == data.id || data.provides.contains(dependency.name);
        const auto sameName = [&](const PluginDependency &other) {
            return other.name == dependency.name;
        };
        if (isOwn && !dependency.name.isEmpty())
            errors.append(
                QStringLiteral("Dependencies: \"%1\" is the plugin itself").arg(dependency.name));
        else if (std::ranges::any_of(data.dependencies, sameName))
            errors.append(
                QStringLiteral("Dependencies: \"%1\" is there twice").arg(dependency.name));
        else
            data.dependencies.push_back(dependency);
    }
    if (!errors.isEmpty())
        return Error{ErrorCode::Configuration, errors.join(QStringLiteral("; ")), {}};
    return data;
}

bool PluginMetaData::satisfies(const QVersionNumber &needed) const
{
    // Without this 1.0 would be less than 1.0.0.
    const QVersionNumber lowest = needed.normalized();
    return lowest.isNull()
        || (compatVersion.normalized() <= lowest && lowest <= version.normalized());
}

} // namespace Rollcall
