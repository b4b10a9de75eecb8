using System.Globalization;

namespace Agent.Config.Wizard;

/// <summary>Asks a person, or a list of answers that is piped in, one line for each question.</summary>
/// <param name="answers">An end of it before the last question is an <see cref="EndOfStreamException"/>.</param>
public sealed class Dialogue(TextReader answers, TextWriter shown)
{
    string _lastQuestion = "";

    /// <summary>Shows a line that asks nothing.</summary>
    public void Say(string text) => shown.WriteLine(text);

    /// <summary>Shows numbered answers and takes one; a wrong number is asked for again.</summary>
    /// <returns>The number of the answer.</returns>
    internal int Choose(Choice choice)
    {
        Question(choice.Question);
        foreach (var (index, option) in choice.Options.Index())
            Say(FormattableString.Invariant($"{index + 1}. {option}"));

        Say(FormattableString.Invariant($"default choice: [{choice.Default}]:"));
        while (true)
        {
            var answer = Answer();
            if (answer.Length == 0)
                return choice.Default;

            if (int.TryParse(answer, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number >= 1 && number <= choice.Options.Count)
            {
                return number;
            }

            Say($"The value {answer} is not valid to this question.");
            Say("Please retry to answer:");
        }
    }

    internal bool Confirm(string question, bool isDefaultYes = true) =>
        Choose(Choice.YesOrNo(question, isDefaultYes)) == 1;

    /// <summary>Takes a line of text.</summary>
    /// <param name="usual">What an empty answer stands for; null where there must be one.</param>
    internal string Ask(string question, string? usual = null)
    {
        Question(question);
        if (usual is not null)
            Say($"default choice: [{usual}]");

        while (true)
        {
            var answer = Answer();
            if (answer.Length > 0)
                return answer;

            if (usual is not null)
                return usual;

            Say("There is no default for this question.");
            Say("Please retry to answer:");
        }
    }

    /// <summary>Takes lines of text, as many as there are before an empty one.</summary>
    internal IReadOnlyList<string> AskForSome(string question)
    {
        Question(question);
        var all = new List<string>();
        while (Answer() is { Length: > 0 } answer)
            all.Add(answer);

        return all;
    }

    void Question(string text)
    {
        _lastQuestion = text;
        Say(text);
    }

    string Answer() => answers.ReadLine()?.Trim()
        ?? throw new EndOfStreamException($"the answers ended before the one to \"{_lastQuestion}\"");
}
