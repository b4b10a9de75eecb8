using LocalCloud.Store;

namespace LocalCloud.Api;

/// <summary>What every action works with: the stored logs, the clock, and whose cloud this is.</summary>
/// <param name="Untidy">Says that the sweep has something to remove.</param>
sealed record Cloud(LogStore Store, TimeProvider Time, string Region, string AccountId, Action Untidy)
{
    public long Now => Time.GetUtcNow().ToUnixTimeMilliseconds();

    public string GroupArn(string name) => $"arn:aws:logs:{Region}:{AccountId}:log-group:{name}";
}
