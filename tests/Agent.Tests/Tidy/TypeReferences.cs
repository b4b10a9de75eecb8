using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text;

namespace Agent.Tests.Tidy;

/// <summary>Which types each type of a compiled assembly uses, from the metadata and the code itself: an alias, a
/// fully qualified name, a var or a lambda leaves the same trace as a plain use.</summary>
/// <remarks>A constant leaves none, since the compiler copies its value; so does nameof. RoomTests looks for those in
/// the text.</remarks>
sealed class TypeReferences
{
    readonly MetadataReader _reader;
    readonly PEReader _file;
    readonly string _assembly;
    readonly Dictionary<string, TypeName> _ownTypes = new(StringComparer.Ordinal);

    TypeReferences(PEReader file)
    {
        (_file, _reader) = (file, file.GetMetadataReader());
        _assembly = _reader.GetString(_reader.GetAssemblyDefinition().Name);
        foreach (var handle in _reader.TypeDefinitions)
            _ownTypes[FullName(handle)] = NameOf(handle);
    }

    /// <summary>Each use once, by the outermost types of both.</summary>
    public static IReadOnlySet<(TypeName User, TypeName Used)> In(string assemblyFile)
    {
        using var file = new PEReader(File.OpenRead(assemblyFile));
        return new TypeReferences(file).Collect();
    }

    HashSet<(TypeName User, TypeName Used)> Collect()
    {
        var uses = new HashSet<(TypeName, TypeName)>();
        foreach (var handle in _reader.TypeDefinitions)
        {
            var user = NameOf(handle);
            var seen = new SeenTypes(_reader, NameOf, NameOf);
            Visit(_reader.GetTypeDefinition(handle), seen);
            uses.UnionWith(from used in seen.Types where used != user select (user, used));
        }

        return uses;
    }

    void Visit(TypeDefinition type, SeenTypes seen)
    {
        seen.Add(type.BaseType);
        foreach (var implementation in type.GetInterfaceImplementations())
            seen.Add(_reader.GetInterfaceImplementation(implementation).Interface);
        foreach (var field in type.GetFields())
            VisitField(_reader.GetFieldDefinition(field), seen);
        foreach (var method in type.GetMethods())
            VisitMethod(_reader.GetMethodDefinition(method), seen);
        foreach (var property in type.GetProperties())
            Visit(_reader.GetPropertyDefinition(property).GetCustomAttributes(), seen);
        foreach (var raised in type.GetEvents())
            Visit(_reader.GetEventDefinition(raised).GetCustomAttributes(), seen);

        Visit(type.GetGenericParameters(), seen);
        Visit(type.GetCustomAttributes(), seen);
    }

    void VisitField(FieldDefinition field, SeenTypes seen)
    {
        field.DecodeSignature(seen, null);
        Visit(field.GetCustomAttributes(), seen);
    }

    void VisitMethod(MethodDefinition method, SeenTypes seen)
    {
        method.DecodeSignature(seen, null);
        Visit(method.GetGenericParameters(), seen);
        Visit(method.GetCustomAttributes(), seen);
        foreach (var parameter in method.GetParameters())
            Visit(_reader.GetParameter(parameter).GetCustomAttributes(), seen);

        if (method.RelativeVirtualAddress == 0)
            return;

        var body = _file.GetMethodBody(method.RelativeVirtualAddress);
        seen.Add(body.LocalSignature);
        foreach (var region in body.ExceptionRegions)
            seen.Add(region.CatchType);
        foreach (var token in IlTokens.In(body.GetILReader()))
            seen.Add(MetadataTokens.EntityHandle(token));
    }

    void Visit(GenericParameterHandleCollection parameters, SeenTypes seen)
    {
        foreach (var parameter in parameters.Select(_reader.GetGenericParameter))
        {
            Visit(parameter.GetCustomAttributes(), seen);
            foreach (var constraint in parameter.GetConstraints())
                seen.Add(_reader.GetGenericParameterConstraint(constraint).Type);
        }
    }

    void Visit(CustomAttributeHandleCollection attributes, SeenTypes seen)
    {
        foreach (var attribute in attributes.Select(_reader.GetCustomAttribute))
        {
            seen.Add(attribute.Constructor);

            // A typeof in an attribute is a text. To decode it properly would need the types of all enums around it.
            var written = Encoding.UTF8.GetString(_reader.GetBlobBytes(attribute.Value));
            foreach (var (name, type) in _ownTypes)
            {
                if (name.Contains('.', StringComparison.Ordinal) && written.Contains(name, StringComparison.Ordinal))
                    seen.Add(type);
            }
        }
    }

    string FullName(TypeDefinitionHandle handle)
    {
        var type = _reader.GetTypeDefinition(handle);
        var name = _reader.GetString(type.Name);
        return !type.GetDeclaringType().IsNil ? $"{FullName(type.GetDeclaringType())}+{name}"
            : type.Namespace.IsNil ? name
            : $"{_reader.GetString(type.Namespace)}.{name}";
    }

    TypeName NameOf(TypeDefinitionHandle handle)
    {
        var type = _reader.GetTypeDefinition(handle);
        return type.GetDeclaringType() is { IsNil: false } outer
            ? NameOf(outer)
            : new TypeName(_assembly, _reader.GetString(type.Namespace), _reader.GetString(type.Name));
    }

    TypeName NameOf(TypeReferenceHandle handle)
    {
        var type = _reader.GetTypeReference(handle);
        if (type.ResolutionScope.Kind == HandleKind.TypeReference)
            return NameOf((TypeReferenceHandle)type.ResolutionScope);

        var assembly = type.ResolutionScope.Kind == HandleKind.AssemblyReference
            ? _reader.GetString(_reader.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name)
            : _assembly;
        return new TypeName(assembly, _reader.GetString(type.Namespace), _reader.GetString(type.Name));
    }
}
