using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Settlement.Contract;
using EnrolmentClient = Settlement.Contract.Enrolment.EnrolmentClient;

namespace Settlement.Cli.Importing;

/// <summary>What a row asks of the server.</summary>
internal sealed class ImportRequest
{
    private const string IdPrefix = "import-";
    private const int IdLength = 30;

    /// <summary>
    /// Makes the request. Its id comes from what it says and from nothing else: a row repeated in this file or in another is the same
    /// request, which the server records once, and a row that says something else is another one.
    /// </summary>
    /// <param name="message">A RegisterRequest or a RecordRequest, without its id.</param>
    public ImportRequest(IMessage message)
    {
        // Fields are written in the order of their numbers and empty ones are left out: a field added to the contract later changes no id.
        byte[] hash = SHA256.HashData([.. Encoding.UTF8.GetBytes(message.Descriptor.Name), .. message.ToByteArray()]);
        Id = IdPrefix + Convert.ToHexStringLower(hash)[..(IdLength - IdPrefix.Length)];
        Message = message;
        switch (message)
        {
            case RegisterRequest register:
                (register.RequestId, Person) = (Id, register.Person);
                break;
            case RecordRequest record:
                (record.RequestId, Person) = (Id, record.Person);
                break;
            default:
                throw new ArgumentException($"a {message.Descriptor.Name} registers and records nothing", nameof(message));
        }
    }

    /// <summary>Request id.</summary>
    public string Id { get; }

    /// <summary>The person.</summary>
    public string Person { get; }

    /// <summary>The request as it is sent.</summary>
    public IMessage Message { get; }

    /// <summary>Sends it.</summary>
    public AsyncUnaryCall<RecordResponse> Send(EnrolmentClient client, CallOptions options) =>
        Message is RegisterRequest register ? client.RegisterAsync(register, options) : client.RecordAsync((RecordRequest)Message, options);
}
