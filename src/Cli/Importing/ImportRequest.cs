using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Settlement.Cli.Client;
using Settlement.Contract;

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
    /// <param name="message">
    /// A RegisterRequest or a RecordRequest, without its id; or a RecordCatalogueRowRequest, which needs none.
    /// </param>
    public ImportRequest(IMessage message)
    {
        // Fields are written in the order of their numbers and empty ones are left out: a field added to the contract later changes no id.
        byte[] hash = SHA256.HashData([.. Encoding.UTF8.GetBytes(message.Descriptor.Name), .. message.ToByteArray()]);
        Id = IdPrefix + Convert.ToHexStringLower(hash)[..(IdLength - IdPrefix.Length)];
        Message = message;
        switch (message)
        {
            case RegisterRequest register:
                (register.RequestId, Person, Subject) = (Id, register.Person, register.Person);
                break;
            case RecordRequest record:
                (record.RequestId, Person, Subject) = (Id, record.Person, record.Person);
                break;
            case RecordCatalogueRowRequest version:
                (Person, Subject) = ("", version.Row.Code);
                break;
            default:
                throw new ArgumentException($"a {message.Descriptor.Name} registers and records nothing", nameof(message));
        }
    }

    /// <summary>Request id.</summary>
    public string Id { get; }

    /// <summary>The person; empty where the row is of none.</summary>
    public string Person { get; }

    /// <summary>Whose rows follow each other: the person's, or those of a code.</summary>
    public string Subject { get; }

    /// <summary>The request as it is sent.</summary>
    public IMessage Message { get; }

    /// <summary>Sends it.</summary>
    /// <returns>Whether an earlier request had recorded it, where the answer says so.</returns>
    public async Task<bool> SendAsync(Connection connection, CallOptions options)
    {
        if (Message is RecordCatalogueRowRequest version)
            return (await connection.Catalogue.RecordCatalogueRowAsync(version, options)).Already;
        await (Message is RegisterRequest register
            ? connection.Enrolment.RegisterAsync(register, options)
            : connection.Enrolment.RecordAsync((RecordRequest)Message, options));
        return false;
    }
}
