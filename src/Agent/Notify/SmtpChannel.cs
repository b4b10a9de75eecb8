using Agent.Events;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Agent.Notify;

/// <summary>How mail is sent.</summary>
/// <param name="Security">none, starttls or tls.</param>
/// <param name="User">Null signs in as nobody.</param>
/// <param name="PasswordFile">Read for each mail, so that a changed password is found.</param>
sealed record SmtpServer(
    string Host, int Port, string Security, string? User, string? PasswordFile, string From, IReadOnlyList<string> To);

/// <summary>Sends a mail for each notice, as text and as HTML.</summary>
sealed class SmtpChannel(string name, SmtpServer server, string host, TimeProvider time) : Channel(name)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public override int MostAtOnce => 20;

    public override int MostAMinute => 10;

    public override async Task SendAsync(IReadOnlyList<AlarmNotice> notices, CancellationToken cancel)
    {
        using var longest = new CancellationTokenSource(Patience, time);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel, longest.Token);
        try
        {
            using var mail = MailOf(notices);
            using var client = new LenientClient { CheckCertificateRevocation = false };
            await client.ConnectAsync(server.Host, server.Port, SecurityOf(server.Security), patience.Token);
            if (server.User is { } user)
            {
                await client.AuthenticateAsync(user, await PasswordAsync(patience.Token), patience.Token);
            }

            await client.SendAsync(mail, patience.Token);
            await client.DisconnectAsync(quit: true, patience.Token);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new NotifyException($"{server.Host} did not answer within {Patience.TotalSeconds} s", e);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            throw new NotifyException($"{server.Host}:{server.Port}: {FirstLine(e.Message)}", e);
        }
    }

    MimeMessage MailOf(IReadOnlyList<AlarmNotice> notices)
    {
        var mail = new MimeMessage { Subject = NoticeText.Subject(notices, host) };
        mail.From.Add(MailboxAddress.Parse(server.From));
        mail.To.AddRange(server.To.Select(MailboxAddress.Parse));

        // Who gets it twice, since the agent was killed in between, can tell.
        mail.MessageId = $"{notices[0].Id}@{host}";
        mail.Date = notices[^1].ChangedAt;
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        mail.Body = new BodyBuilder
        {
            TextBody = NoticeText.Plain(notices, host),
            HtmlBody = NoticeText.Html(notices, host)
        }.ToMessageBody();
        return mail;
    }

    async Task<string> PasswordAsync(CancellationToken cancel) =>
        server.PasswordFile is { } file ? (await File.ReadAllTextAsync(file, cancel)).TrimEnd('\r', '\n') : "";

    static SecureSocketOptions SecurityOf(string security) => security switch
    {
        "tls" => SecureSocketOptions.SslOnConnect,
        "starttls" => SecureSocketOptions.StartTls,
        _ => SecureSocketOptions.None
    };

    /// <summary>Goes on where one of several recipients is refused: the others are still told.</summary>
    sealed class LenientClient : SmtpClient
    {
        protected override void OnRecipientNotAccepted(
            MimeMessage message, MailboxAddress mailbox, SmtpResponse response)
        {
            // Where nobody is accepted the mail is refused as a whole.
        }
    }

    static string FirstLine(string text) => text.Split('\n')[0].TrimEnd('\r');
}
