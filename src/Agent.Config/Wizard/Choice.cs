namespace Agent.Config.Wizard;

/// <summary>A question that is answered by a number.</summary>
/// <param name="Default">The number that an empty answer stands for; the first is 1.</param>
sealed record Choice(string Question, int Default, IReadOnlyList<string> Options)
{
    public static Choice YesOrNo(string question, bool isDefaultYes = true) =>
        new(question, isDefaultYes ? 1 : 2, ["yes", "no"]);
}
