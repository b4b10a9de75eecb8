namespace Throughput;

/// <summary>What is being done, for whoever waits: apart from the table, which may go to a file.</summary>
static class Progress
{
    public static void Say(string text) => Console.Error.WriteLine(text);
}
