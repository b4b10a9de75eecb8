using Agent.Checkpoint;
using Agent.Tests.Support;
using Xunit;

namespace Agent.Tests.Checkpoint;

/// <summary>A database that is damaged behind its first page must not stop the agent from starting either.</summary>
public sealed class DamagedStoreTests : IDisposable
{
    readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ADatabaseWhosePagesAreNoiseIsMovedAside()
    {
        using (var store = PositionStore.Open(_folder.Root, out _))
        {
            store.Commit([.. Enumerable.Range(1, 500).Select(i => Some.Position with { Id = i })], []);
        }

        using (var file = File.OpenWrite(Rows.Database(_folder.Root)))
        {
            file.Position = 4096 * 5;
            var noise = new byte[4096 * 8];
            new Random(1).NextBytes(noise);
            file.Write(noise);
        }

        using var again = PositionStore.Open(_folder.Root, out var movedAside);
        Assert.NotNull(movedAside);
        Assert.Empty(again.ReadPositions());
    }

    [Fact]
    public void ALookIntoADatabaseThatIsNoneSaysSo()
    {
        _folder.Write("positions.db", new string('x', 4096));

        var fault = Assert.Throws<StateException>(
            () => PositionStore.LookInto(_folder.Root, store => store.Gaps.Read()));
        Assert.Contains("the database is damaged", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ALookIntoADatabaseThatIsBeingMadeSaysSo()
    {
        _folder.Write("positions.db", "");

        var fault = Assert.Throws<StateException>(
            () => PositionStore.LookInto(_folder.Root, store => store.Gaps.Read()));
        Assert.Contains("nothing is in it yet", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhereNoAgentEverRanThereIsNothingToLookInto() =>
        Assert.Null(PositionStore.LookInto(_folder["nowhere"], store => store.Gaps.Read()));

    [Theory]
    [InlineData("UPDATE position SET head = 'no print'")]
    [InlineData("UPDATE position SET device = 'x'")]
    public void ARowThatCannotBeReadIsDamageToo(string damage)
    {
        using (var store = PositionStore.Open(_folder.Root, out _))
        {
            store.Commit([Some.Position], []);
        }

        Rows.Query(_folder.Root, damage);
        var fault = Assert.Throws<StateException>(
            () => PositionStore.LookInto(_folder.Root, store => store.ReadPositions()));
        Assert.StartsWith(
            $"{Rows.Database(_folder.Root)}: the database is damaged", fault.Message, StringComparison.Ordinal);

        using var again = PositionStore.Open(_folder.Root, out _);

        Assert.Empty(again.ReadPositions());
    }
}
