package compatible

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	sources "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
)

// Vendor is whose provider is stood in for, as it spells itself.
type Vendor string

// Declared is a resource that a vendor's provider has and this project does not use. Its schema is here, so that the SDK
// which Pulumi generates is the same with either provider; whatever it is asked to do is refused.
type Declared struct {
	Vendor Vendor
	Name   string
	Shape  schema.Schema
}

func (declared Declared) Metadata(
	_ context.Context, request resource.MetadataRequest, response *resource.MetadataResponse,
) {
	response.TypeName = request.ProviderTypeName + "_" + declared.Name
}

func (declared Declared) Schema(_ context.Context, _ resource.SchemaRequest, response *resource.SchemaResponse) {
	response.Schema = declared.Shape
}

func (declared Declared) Create(_ context.Context, _ resource.CreateRequest, response *resource.CreateResponse) {
	declared.Vendor.refuse(declared.Name, &response.Diagnostics)
}

func (declared Declared) Read(_ context.Context, _ resource.ReadRequest, response *resource.ReadResponse) {
	declared.Vendor.refuse(declared.Name, &response.Diagnostics)
}

func (declared Declared) Update(_ context.Context, _ resource.UpdateRequest, response *resource.UpdateResponse) {
	declared.Vendor.refuse(declared.Name, &response.Diagnostics)
}

func (declared Declared) Delete(_ context.Context, _ resource.DeleteRequest, response *resource.DeleteResponse) {
	declared.Vendor.refuse(declared.Name, &response.Diagnostics)
}

// DeclaredSource is a data source of the same kind.
type DeclaredSource struct {
	Vendor Vendor
	Name   string
	Shape  sources.Schema
}

func (declared DeclaredSource) Metadata(
	_ context.Context, request datasource.MetadataRequest, response *datasource.MetadataResponse,
) {
	response.TypeName = request.ProviderTypeName + "_" + declared.Name
}

func (declared DeclaredSource) Schema(
	_ context.Context, _ datasource.SchemaRequest, response *datasource.SchemaResponse,
) {
	response.Schema = declared.Shape
}

func (declared DeclaredSource) Read(_ context.Context, _ datasource.ReadRequest, response *datasource.ReadResponse) {
	declared.Vendor.refuse(declared.Name, &response.Diagnostics)
}

func (vendor Vendor) refuse(name string, diagnostics *diag.Diagnostics) {
	diagnostics.AddError("Not in the compatible "+string(vendor)+" provider", fmt.Sprintf(
		"%s_%s is declared here and cannot be used: it needs %s's own provider.", strings.ToLower(string(vendor)), name, vendor))
}
