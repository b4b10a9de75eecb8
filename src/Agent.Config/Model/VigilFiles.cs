using Agent.Config.Reading;

namespace Agent.Config.Model;

/// <summary>What the <c>vigil</c> section says about entries of <c>collect_list</c>, which must not have more keys than
/// the CloudWatch agent knows: about single ones in its <c>files</c>, about all in keys of its own.</summary>
sealed class VigilFiles
{
    readonly ObjectValue? _vigil;
    readonly ILookup<string?, ObjectValue> _byPath;

    public VigilFiles(ObjectValue? vigil)
    {
        _vigil = vigil;
        _byPath = EntriesOf(vigil).ToLookup(file => file.Text("file_path"), StringComparer.Ordinal);
    }

    public static VigilFiles None { get; } = new(null);

    public static IEnumerable<ObjectValue> EntriesOf(ObjectValue? vigil) =>
        vigil?.List("files")?.Items.OfType<ObjectValue>() ?? [];

    /// <summary>What is said about one entry.</summary>
    public Said About(string path, string groupName) => new(_vigil, Of(path, groupName));

    /// <summary>The one that names the group too goes before the one that means all groups of a path.</summary>
    ObjectValue? Of(string path, string groupName)
    {
        var files = _byPath[path].ToList();
        return files.Find(file => file.Text("log_group_name") == groupName)
            ?? files.Find(file => file.Text("log_group_name") is null);
    }

    /// <summary>The word on one file goes before the word on all.</summary>
    public readonly struct Said(ObjectValue? all, ObjectValue? one)
    {
        public string? Text(string key) => one?.Text(key) ?? all?.Text(key);

        public bool Flag(string key) => one?.FlagOrNone(key) ?? all?.FlagOrNone(key) ?? false;

        public TimeSpan? Seconds(string key) => Whole(key) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

        public TimeSpan? Milliseconds(string key) =>
            Whole(key) is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;

        public IReadOnlyList<string> Texts(string key) =>
            [.. one?.List(key)?.Items.OfType<TextValue>().Select(item => item.Text) ?? []];

        public IReadOnlyDictionary<string, string>? Map(string key) =>
            (one?.Section(key) ?? all?.Section(key))?.Members.ToDictionary(
                member => member.Name, member => ((TextValue)member.Value).Text, StringComparer.Ordinal);

        public bool Has(string key) => one?.Member(key) is not null;

        long? Whole(string key) => one?.Whole(key) ?? all?.Whole(key);
    }
}
