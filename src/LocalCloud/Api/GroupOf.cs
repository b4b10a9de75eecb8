using CloudWatch.Wire;
using LocalCloud.Store;

namespace LocalCloud.Api;

/// <summary>Finds the log group that a request means: by its name, or by an identifier that is a name or an
/// ARN.</summary>
static class GroupOf
{
    const string ArnResource = ":log-group:";

    public static GroupRow Request(Connection connection, string? name, string? identifier) =>
        Name(connection, name ?? NameIn(identifier!));

    public static GroupRow Name(Connection connection, string? name) =>
        GroupTable.Find(connection, name!) ?? throw RefusedException.NoGroup();

    /// <summary>That exactly one of the two is given, and well formed.</summary>
    public static Constraints Constrain(string? name, string? identifier)
    {
        if (name is not null && identifier is not null)
        {
            throw new RefusedException(
                ErrorTypes.Validation, "LogGroup name and LogGroup ARN are mutually exclusive parameters.");
        }

        return new Constraints().GroupName(name, required: identifier is null).Identifier(identifier);
    }

    /// <summary>The name in <c>arn:aws:logs:REGION:ACCOUNT:log-group:NAME</c>, or the name that it already is. Region
    /// and account are not compared: there is but one here. An ARN that ends in <c>:*</c> never comes this far, since
    /// an identifier may hold no asterisk.</summary>
    public static string NameIn(string identifier)
    {
        var resource = identifier.IndexOf(ArnResource, StringComparison.Ordinal);
        return resource < 0 || !identifier.StartsWith("arn:", StringComparison.Ordinal)
            ? identifier
            : identifier[(resource + ArnResource.Length)..];
    }
}
