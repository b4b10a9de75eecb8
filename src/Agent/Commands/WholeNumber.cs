using System.CommandLine;
using System.Globalization;

namespace Agent.Commands;

/// <summary>An option that takes a whole number within bounds, and says so when it gets something else.</summary>
static class WholeNumber
{
    public static Option<int?> Option(string name, string helpName, string description, int least, int most) =>
        new(name)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = result =>
            {
                if (int.TryParse(result.Tokens.Single().Value, CultureInfo.InvariantCulture, out var number)
                    && number >= least && number <= most)
                {
                    return number;
                }

                result.AddError($"{name} takes a whole number from {least} to {most}");
                return null;
            }
        };
}
