using System.Buffers;
using System.Globalization;
using CloudWatch;

namespace LocalCloud.Api;

/// <summary>What the members of a request must satisfy, said in the service's own words. Everything wrong with a
/// request is collected and answered at once, as the service does.</summary>
/// <remarks>Lengths and patterns: API model of each action. Texts: answers of the real service.</remarks>
sealed class Constraints
{
    const string GroupPattern = @"[\.\-_/#A-Za-z0-9]+";
    const string StreamPattern = "[^:*]*";
    const string IdentifierPattern = @"[\w#+=/:,.@-]*";
    const string Alphanumerics = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    static readonly SearchValues<char> GroupChars = SearchValues.Create(Alphanumerics + ".-_/#");
    static readonly SearchValues<char> IdentifierChars = SearchValues.Create(Alphanumerics + "_#+=/:,.@-");

    readonly List<string> _violations = [];
    bool _nameTooLong;

    public Constraints Required(string member, bool present) =>
        present ? this : Violated("null", member, "not be null");

    public Constraints GroupName(string? name, string member = "logGroupName", bool required = true) =>
        Name(member, name, required, GroupPattern, ofGroup: true);

    public Constraints StreamName(string? name, string member = "logStreamName", bool required = true) =>
        Name(member, name, required, StreamPattern, ofGroup: false);

    /// <summary>A log group's name or ARN.</summary>
    public Constraints Identifier(string? value, string member = "logGroupIdentifier")
    {
        Length(member, value, 1, 2048);
        return value.AsSpan().ContainsAnyExcept(IdentifierChars) ? Unlike(value, member, IdentifierPattern) : this;
    }

    public Constraints Length(string member, string? value, int min, int max)
    {
        if (value is not null && value.Length < min)
            Violated(Quoted(value), member, $"have length greater than or equal to {min}");
        return value is not null && value.Length > max
            ? Violated(Quoted(value), member, $"have length less than or equal to {max}")
            : this;
    }

    /// <summary>How many elements a list has.</summary>
    public Constraints Count(string member, int? count, int min, int max)
    {
        if (count < min)
            Violated("'[]'", member, $"have length greater than or equal to {min}");
        return count > max
            ? Violated($"'[{count} elements]'", member, $"have length less than or equal to {max}")
            : this;
    }

    public Constraints Range(string member, long? value, long min, long max = long.MaxValue)
    {
        if (value < min)
            Violated(Quoted(value), member, $"have value greater than or equal to {min}");
        return value > max ? Violated(Quoted(value), member, $"have value less than or equal to {max}") : this;
    }

    public Constraints OneOf<T>(string member, T? value, IReadOnlyList<T> set) =>
        value is null || set.Contains(value)
            ? this
            : Violated(Quoted(value), member, $"satisfy enum value set: [{string.Join(", ", set)}]");

    /// <summary>A list's element, as the service names it: counted from 1.</summary>
    public static string Element(string list, int index) => $"{list}.{index + 1}.member";

    /// <exception cref="RefusedException">Something is wrong.</exception>
    public void Check()
    {
        if (_nameTooLong)
        {
            throw RefusedException.Invalid(
                $"Invalid LogGroup or LogStream, both must have length less than or equal to {Limits.NameLength}.");
        }

        if (_violations.Count == 0)
            return;

        var errors = _violations.Count == 1 ? "error" : "errors";
        throw RefusedException.Invalid(
            $"{_violations.Count} validation {errors} detected: {string.Join("; ", _violations)}");
    }

    Constraints Name(string member, string? name, bool required, string pattern, bool ofGroup)
    {
        if (name is null)
            return Required(member, !required);

        _nameTooLong |= name.Length > Limits.NameLength;
        Length(member, name, 1, int.MaxValue);
        var fits = ofGroup
            ? name.Length > 0 && !name.AsSpan().ContainsAnyExcept(GroupChars)
            : !name.AsSpan().ContainsAny(':', '*');
        return fits ? this : Unlike(name, member, pattern);
    }

    Constraints Unlike(string? value, string member, string pattern) =>
        Violated(Quoted(value), member, $"satisfy regular expression pattern: {pattern}");

    Constraints Violated(string value, string member, string must)
    {
        _violations.Add($"Value {value} at '{member}' failed to satisfy constraint: Member must {must}");
        return this;
    }

    static string Quoted<T>(T value) => string.Create(CultureInfo.InvariantCulture, $"'{value}'");
}
