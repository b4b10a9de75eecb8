using Agent.Config.Expressions;
using Agent.Config.Model;
using Agent.Config.Reading;

namespace Agent.Config.Checking;

/// <summary>How the bytes of a file are to be understood: its encoding, its timestamps and their zone.</summary>
static class TextKeys
{
    public static void CheckEncoding(Value value, FaultList faults)
    {
        if (EncodingLabels.NameOf(((TextValue)value).Text) is null)
        {
            faults.Error(value, $"{value.Found} was found, no such encoding of lines is known",
                "set one such as utf-8, utf-16le, windows-1252, iso-8859-15, shift_jis or gb18030");
        }
    }

    public static void CheckTimestampFormat(Value value, FaultList faults)
    {
        foreach (var token in TimestampFormat.UnknownTokensIn(((TextValue)value).Text))
        {
            faults.Warning(value, $"{Shown.Text(token)} was found, it stands for itself only",
                $"use one of {TimestampFormat.Known}, or leave it if that is what lines have");
        }
    }

    public static void CheckZone(Value value, FaultList faults)
    {
        if (IsZone(((TextValue)value).Text))
            return;

        if (IsZone("Etc/GMT"))
        {
            faults.Error(value, $"{value.Found} was found, this host knows no such time zone",
                "set Local, UTC or a zone such as Europe/Berlin");
        }
        else
        {
            faults.Error(value, $"{value.Found} was found, but this host has no time zones",
                "install its package tzdata, or set UTC");
        }
    }

    // A zone is a file, and its name a path: one that leads elsewhere is not even opened.
    static bool IsZone(string name) =>
        name is CollectedFile.Local or "UTC"
        || (char.IsAsciiLetter(name[0])
            && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '/' or '_' or '-' or '+')
            && TimeZoneInfo.TryFindSystemTimeZoneById(name, out _));
}
