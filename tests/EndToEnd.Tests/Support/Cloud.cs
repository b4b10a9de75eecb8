using System.Text;
using System.Text.RegularExpressions;
using Agent.Aws;
using CloudWatch.Wire;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EndToEnd.Tests.Support;

/// <summary><c>vigil local</c> in a process of its own, and a client that reads back what it holds.</summary>
sealed partial class Cloud : IAsyncDisposable
{
    readonly SignedSender _sender;

    Cloud(VigilProcess process, Uri endpoint)
    {
        Process = process;
        Endpoint = endpoint;
        _sender = new(new(endpoint, "us-east-1"), new(isLoopback: true), new(TimeProvider.System, NullLogger.Instance));
        Client = new(_sender);
    }

    public VigilProcess Process { get; }

    public Uri Endpoint { get; }

    public LogsClient Client { get; }

    /// <param name="faults">How it is to fail, as vigil local --faults takes it.</param>
    public static async Task<Cloud> StartAsync(TestFolder folder, int port = 0, string faults = "{}")
    {
        await File.WriteAllTextAsync(folder["faults.json"], faults);
        var process = VigilProcess.Start(
            "local", "--port", $"{port}", "--data", folder["cloud"], "--faults", folder["faults.json"]);
        await process.SaysAsync("Serving CloudWatch Logs on ");
        return new(process, new(Address().Match(process.Output).Value));
    }

    /// <summary>Fails in another way from now on.</summary>
    public async Task FailAsync(string faults)
    {
        using var http = new HttpClient();
        using var answer = await http.PutAsync(new Uri(Endpoint, "vigil/faults"), new StringContent(faults));
        answer.EnsureSuccessStatusCode();
    }

    public async Task DeleteGroupAsync(string group)
    {
        var body = Encoding.UTF8.GetBytes($$"""{"logGroupName":"{{group}}"}""");
        var answer = await Client.CallAsync(LogsApi.DeleteLogGroup, body, CancellationToken.None);
        Assert.True(answer.IsSuccess, answer.ErrorText());
    }

    /// <summary>All log events of a stream, in the order of the service.</summary>
    public async Task<List<OutputLogEvent>> EventsAsync(string group, string stream)
    {
        var events = new List<OutputLogEvent>();
        await foreach (var page in PagesAsync(group, stream))
        {
            events.AddRange(page);
        }

        return events;
    }

    /// <summary>The number of each line of a stream, as <see cref="SecureLog"/> knows it, for streams whose text is
    /// too much to hold; none while it does not exist.</summary>
    public async Task<List<int>> NumbersAsync(string group, string stream)
    {
        var numbers = new List<int>();
        try
        {
            await foreach (var page in PagesAsync(group, stream))
            {
                numbers.AddRange(page.Select(one => SecureLog.NumberOf(one.Message!)));
            }
        }
        catch (ServiceException e) when (e.Type == ErrorTypes.ResourceNotFound)
        {
            return [];
        }

        return numbers;
    }

    /// <summary>All messages of a stream; none while it does not exist.</summary>
    public async Task<List<string>> MessagesAsync(string group, string stream)
    {
        try
        {
            return (await EventsAsync(group, stream)).ConvertAll(one => one.Message!);
        }
        catch (ServiceException e) when (e.Type == ErrorTypes.ResourceNotFound)
        {
            return [];
        }
    }

    /// <summary>Waits until a stream has so many events, and gives their messages. The last may arrive before others:
    /// several batches are on their way at once.</summary>
    public async Task<List<string>> MessagesAsync(string group, string stream, int count, VigilProcess vigil)
    {
        List<string> messages = [];
        await Wait.UntilAsync(
            async () => (messages = await MessagesAsync(group, stream)).Count >= count,
            () => $"{messages.Count} of {count} events arrived; the agent:\n{vigil.Output}");
        return messages;
    }

    /// <summary>All messages of a group, whatever their stream; none while it does not exist.</summary>
    public async Task<List<string>> MessagesAsync(string group)
    {
        var messages = new List<string>();
        var request = new FilterLogEventsRequest { LogGroupName = group };
        try
        {
            do
            {
                var page = await Client.CallAsync(
                    LogsApi.FilterLogEvents, request, LogsJson.Wire.FilterLogEventsRequest,
                    LogsJson.Wire.FilterLogEventsResponse, CancellationToken.None);
                messages.AddRange(page.Events.Select(one => one.Message!));
                request = request with { NextToken = page.NextToken };
            }
            while (request.NextToken is not null);
        }
        catch (ServiceException e) when (e.Type == ErrorTypes.ResourceNotFound)
        {
            return [];
        }

        return messages;
    }

    /// <summary>Waits until a stream's last event, by timestamp, is this one.</summary>
    /// <param name="vigil">Whose output tells why, should it never be.</param>
    public async Task HasLastAsync(string group, string stream, string message, VigilProcess? vigil = null)
    {
        string? last = null;
        await Wait.UntilAsync(
            async () => (last = await LastAsync(group, stream)) == message,
            () => $"{group}/{stream} never ended in the expected line, but in:\n{last}\n"
                + $"the agent {(vigil?.HasExited == true ? "has ended" : "runs")}:\n{vigil?.Output}");
    }

    /// <summary>The message of a stream's last event; null while there is none.</summary>
    public async Task<string?> LastAsync(string group, string stream)
    {
        try
        {
            var page = await Client.CallAsync(
                LogsApi.GetLogEvents,
                new GetLogEventsRequest { LogGroupName = group, LogStreamName = stream, Limit = 1 },
                LogsJson.Wire.GetLogEventsRequest, LogsJson.Wire.GetLogEventsResponse, CancellationToken.None);
            return page.Events.Count == 0 ? null : page.Events[0].Message;
        }
        catch (ServiceException e) when (e.Type == ErrorTypes.ResourceNotFound)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _sender.Dispose();
        await Process.DisposeAsync();
    }

    async IAsyncEnumerable<IReadOnlyList<OutputLogEvent>> PagesAsync(string group, string stream)
    {
        var request = new GetLogEventsRequest { LogGroupName = group, LogStreamName = stream, StartFromHead = true };
        while (true)
        {
            var page = await Client.CallAsync(
                LogsApi.GetLogEvents, request, LogsJson.Wire.GetLogEventsRequest, LogsJson.Wire.GetLogEventsResponse,
                CancellationToken.None);
            yield return page.Events;
            if (page.NextForwardToken == request.NextToken)
            {
                yield break;
            }

            request = request with { NextToken = page.NextForwardToken };
        }
    }

    [GeneratedRegex("http://127[.]0[.]0[.]1:[0-9]+")]
    private static partial Regex Address();
}
