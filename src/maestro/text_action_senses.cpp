#include "maestro/text_action_senses.h"

#include <array>

namespace infinium::maestro {
namespace {

using enum Deed;
namespace m = sense_mark;

// Languages in the order English, German, Spanish, French, Portuguese, Japanese, Chinese. Forms are
// spelled out where a prefix would catch another word (payload, checkout, ordinary).
constexpr auto kSenses = std::to_array<Sense>({
    {},
    // Looking.
    {observe,
     m::look,
     "read reads reading reread get gets getting got fetch* retriev* look looks looked looking "
     "lookup lookups view views viewed viewing list lists listed listing show shows shown see sees "
     "seen saw consult consults consulted consulting find finds finding found search searches "
     "searched searching query queries queried querying browse browsed browsing inspect* review "
     "reviews reviewed reviewing track tracks tracked tracking probe probes probed poll polls "
     "polled polling examin* check checks checked checking recheck* verif* validat* ensur* audit "
     "audits audited monitor measur* compar* match matches matched matching crosscheck* scan scans "
     "scanned grep cat tail describe* preview* count counts counted observ* load loads loaded "
     "access "
     "lesen lies liest gelesen lese holen holt geholt abruf* abgeruf* suchen suche sucht gesucht "
     "finden findet gefunden prüf* pruef* geprüft einzusehen "
     "überprüf* ueberpruef* nachschlag* nachgeschlagen anseh* angeseh* kontroll* verifizier* "
     "validier* vergleich* verglichen abgleich* abgeglichen einseh* eingeseh* sichten ermittel* "
     "abfrag* abgefrag* nachles* "
     "leer leído leído lee consultar consulta consultad* busc* revis* comprob* comprueb* verific* "
     "validar obten* obtener ver visto listar mirar mira cotej* comparar "
     "lire lu consulter cherch* recherch* vérifi* contrôl* "
     "ler lido verificar confer* pesquis* "
     "確認 確かめ 検索 照会 参照 調べ 読む 読み 読ん 閲覧 検証 照合 取得 点検 見る 見て 見た "
     "チェック "
     "查看 检查 核实 查询 读取 验证 核对 搜索"},
    {observe,
     m::thing,
     "test tests tested testing pytest ctest jest unittest* prueba pruebas tests "
     "testlauf testläufe テスト 测试"},
    {observe,
     0,
     "calculat* calc compute computes computed computing computation* recalculat* "
     "rechne* berechn* errechn* calcul* 計算 计算"},
    {none, m::facts, "status state states stand zustand estado état 状態 状况 状态"},
    {none, m::facts, "info information details detail metrics logs log 情報 信息"},
    {none, m::facts, "history verlauf historial historique 履歴 历史"},
    {none,
     m::facts | m::time_slot,
     "availab* slot slots vacanc* verfügbar* verfuegbar* disponib* 空き 空室 可用"},
    {none, m::facts, "balance balances saldo saldos kontostand* 残高 余额"},
    {none,
     m::facts,
     "policy policies rule rules regulation* guideline* terms condition conditions regel regeln "
     "richtlinie* vorschrift* bedingung* norma normas política políticas politica politicas regla "
     "reglas condiciones condición règle règles politique* regra regras 規程 規定 規約 規則 ルール "
     "方針 ポリシー 约款 政策 规定 规则"},
    // Any change.
    {change,
     m::any | m::crud,
     "change changes changed changing modif* update updates updated updating alter alters altered "
     "altering edit edits edited editing amend* adjust* set sets patch patches patched switch "
     "switches switched switching touch touches "
     "touched codemod rewrite* rewrote refactor* "
     "änder* aender* geändert bearbeit* aktualisier* anpass* angepasst korrigier* änderung "
     "cambiar cambia cambie cambió cambios cambio modific* actualiz* editar corregir "
     "overwrit* überschreib* überschrieben sobrescrib* écras* "
     "changer modifi* corriger mudar alterar touché touchée touchés touchées toucher tocar toca "
     "tocado "
     "angefasst berührt "
     "変更 修正 更新 編集 訂正 修改 更改 编辑"},
    {change,
     m::crud,
     "write writes wrote written writing save saves saved saving append* schreib* "
     "geschrieben speicher* escrib* guardar guarda écri* 書き 書く 保存 写入"},
    {change,
     m::crud,
     "create* creat* add adds added adding make makes open opens opened opening raise raises "
     "raised "
     "raising insert* generat* register* registr* anleg* angelegt anlegen erstell* erzeug* "
     "hinzufüg* hinzufueg* hinzugefügt eröffn* crear crea creado abrir abre abierto añadir agregar "
     "créer ajouter ouvrir criar adicionar 作成 追加 登録 新規 创建 添加 新建"},
    {change,
     m::crud,
     "delet* remove removes removed removing drop drops dropped dropping eras* purg* destroy* wipe "
     "wiped wiping lösch* loesch* gelöscht entfern* elimin* borrar borra borrado supprim* effac* "
     "apagar remover 削除 消去 删除 移除"},
    {change, m::any | m::thing, "correct corrects corrected correcting correction*"},
    {change,
     m::any | m::whatever,
     "anything nothing something action actions nada algo nichts etwas aktion* acción acciones "
     "rien "
     "ação ações 操作 何も 操作"},
    // Changes of one kind.
    {change,
     m::thing | m::crud,
     "send sends sent sending mail mails mailed mailing email emails emailed notify notifies "
     "notified notification* message messages sms texted forward forwards forwarded inform informs "
     "informed dispatch* transmit* senden sendet gesendet versend* versand* verschick* verschickt "
     "schick* geschickt übermittel* uebermittel* benachrichtig* enviar envía envíe enviado envi* "
     "mandar notific* envoy* 送信 送る 送り 送付 通知 連絡 发送"},
    {change,
     m::thing,
     "pay pays paid paying payment payments payout* transfer transfers transferred transferring "
     "wire wired remit* disburs* zahl* bezahl* gezahlt bezahlung überweis* ueberweis* überwiesen "
     "auszahl* pagar pago pagos paga pagado abonar transferi* transferencia* payer paiement* "
     "virement* pagamento* 支払 支払い 送金 振込 振り込 付款 支付 转账"},
    {change,
     m::thing,
     "charge charges charged charging debit* bill bills billed rebill* rebilling "
     "abbuch* belast* cobrar cobro cobr* 課金 扣款"},
    {change,
     m::thing,
     "refund* reimburs* repay* erstatt* rückerstatt* rueckerstatt* zurückzahl* reembols* devolver "
     "devolución devolucion devuelt* rembours* reembolso 返金 払い戻 返還 退款"},
    {change,
     m::thing,
     "book books booked booking bookings reserv* buche buchen buchung* gebucht reservier* réserv* "
     "予約 预订 预约"},
    {change, m::thing, "hold holds 仮予約 仮押さえ tentativ* vormerk*"},
    {change,
     m::thing,
     "order orders ordered ordering purchase purchases purchased purchasing buy buys bought buying "
     "procure* po bestell* kaufen kauft gekauft einkauf* auftrag* pedido pedidos comprar compra "
     "compras orden ordenar commande* acheter achat* encomend* 注文 発注 購入 订购 购买 下单 订单"},
    {change,
     m::thing,
     "cancel* void voids voided annul* storn* kündig* kuendig* gekündigt abbestell* anular anulad* "
     "résili* 取消 取り消 キャンセル 解約 中止"},
    {change,
     m::thing,
     "deploy* release releases released releasing rollout* ausroll* ausgerollt "
     "bereitstell* despleg* déploy* デプロイ リリース 部署"},
    {change,
     m::thing,
     "rollback* revert* restor* zurückroll* zurückgesetz* zurücksetz* restaur* "
     "ロールバック 復元 回滚"},
    {change,
     m::thing,
     "backup* snapshot* sicherung* sichern gesichert sicherungskopie* respald* "
     "sauvegard* バックアップ 备份"},
    {change, m::thing, "commit commits committed committing"},
    {change, m::thing, "merge merges merged merging"},
    {change, m::thing, "push pushes pushed pushing"},
    {change,
     m::thing,
     "submit* file filed filing lodge* einreich* eingereicht einzureich* presentar presenta "
     "soumett* submeter 提出 申請 提交"},
    {change,
     m::thing,
     "schedul* terminier* einplan* programar programa program* planific* "
     "スケジュール 予定"},
    {change,
     m::thing,
     "publish* post posts posted posting veröffentlich* veroeffentlich* publicar "
     "publicad* publier 公開 投稿 发布"},
    {change,
     0,
     "block* lock locks locked locking suspend* freez* froze* sperr* gesperrt bloque* "
     "停止 ブロック ロック 冻结"},
    {change,
     0,
     "close closes closed closing archive archives archived archiving archivier* archivar "
     "archivado schließ* geschlossen schliess* cerrar cierr* "
     "cerrad* fermer クローズ 关闭"},
    {change,
     0,
     "move moves moved moving reschedul* rebook* relocat* umbuch* umgebucht verschieb* "
     "verschoben verleg* mover traslad* reprogram* déplac* 移動 振替 移动"},
    {change, 0, "convert* transform* umwandel* umgewandelt convertir convierte 変換"},
    {change, 0, "redirect* rerout* umleit* umgeleitet redirig* 転送"},
    {change, 0, "extend* prolong* renew* verlänger* ampliar amplía prorrog* 延長 延长"},
    {change, 0, "assign* zuweis* zugewiesen asign* attribu* 割り当て 分配"},
    {change,
     m::thing | m::crud,
     "issue issues issued issuing ausstell* ausgestellt emitir emit* 発行 签发"},
    {change, 0, "grant* award* gewähr* gewaehr* erteil* conced* otorg* accorder 付与 授予"},
    {change, 0, "revok* widerruf* revoc* entzieh* entzogen 失効 吊销"},
    {change, 0, "restart* reload* reboot* neustart* reinici* recarg* 再起動 重启"},
    {none, m::thing, "export exports exported exporting exporti* exportar"},
    {change, m::thing, "import imports imported importing importi* importar"},
    {change, 0, "escalat* eskalier* escalar"},
    {change, m::thing, "replac* ersetz* reemplaz* sustitu* remplac* 置換"},
    {change, m::thing, "exchang* swap* umtausch* eintausch* échang* 交換"},
    {change, m::thing, "claim claims claimed"},
    {change, m::thing, "dispute* disputed"},
    {change,
     0,
     "apply applies applied applying settl* reconcil* anwend* angewend* angewandt aplica* "
     "appliqu* 消込 消し込 適用"},
    {change, 0, "upload* download* install* instal* hochlad* hochgeladen subir"},
    {change, 0, "ship ships shipped shipping verschiff* versendung liefer* expédi* 出荷 发货"},
    {change, 0, "prescrib* verordnen verschreib* verschrieben recetar prescrire 処方する"},
    {change, 0, "return returns returned returning zurückgeb* zurücksend* retour* 返品 退货"},
    {change,
     m::thing,
     "enable* disable* activat* deactivat* aktivier* deaktivier* activar "
     "desactivar 有効化 無効化"},
    {change, 0, "terminat* shutdown kill killed beend*"},
    {change, 0, "upgrad* downgrad*"},
    {change, 0, "rename* reset resets umbenenn* zurücksetzen"},
    {change, 0, "waive* erlass* condon*"},
    {change, 0, "rotate* subscrib* unsubscrib* enrol* provision* abonnier* suscrib* inscrib*"},
    {change, 0, "withdraw* dispens* administer* abheb* retirar dispensar"},
    {change, 0, "scale scales scaled scaling restock* migrat*"},
    // Speaking, asking, waiting.
    {speak,
     0,
     "tell tells told telling say says said saying explain* explanation* explanat* offer "
     "offers offered offering promis* mention* announc* disclos* reveal* erklär* erklaer* "
     "mitteil* mitgeteilt nennt nennen genannt anbiet* angeboten sagen sagt gesagt "
     "versprech* decir dice explic* ofrec* mencion* expliqu* 説明 伝え 言う 言わ 言って 提示 "
     "案内 告げ 教え 告知 说明 告诉"},
    {speak,
     m::result,
     "answer answers answered answering respond* response* reply replies replied "
     "replying antwort* beantwort* geantwortet respuesta* responder responde* "
     "contest* réponse* répond* resposta* 回答 返答 返事 返信 応答 回复"},
    {none,
     m::result,
     "summary summaries summaris* summariz* output closing handed handing "
     "handover finish* conclu* report reports reporting reported "
     "schlussnachricht* abschluss* zusammenfass* bericht* übergab* "
     "übergeb* übergeben resumen informe informes résumé rapport* "
     "resumo relatório 報告 报告 总结"},
    {ask,
     0,
     "ask asks asked asking request requests requested requesting anforder* angefordert "
     "anfrag* angefragt frag* gefragt bitt* solicit* pregunt* demander 依頼 質問 尋ね "
     "問い合わせ 询问"},
    {wait,
     0,
     "wait waits waited waiting sleep* pause* wart* abwart* esper* attendre 待つ 待ち 待って "
     "等待"},
    // Agreeing, and who agrees.
    {none,
     m::consent,
     "yes ok okay agree agrees agreed agreement agreeing consent consents consented permission "
     "permits "
     "permitted goahead accepte accepté acceptée acceptés accepter acepta aceptado aceptar acepte "
     "einverstanden akzeptiert akzeptieren accept accepts accepted acceptance acceptances sign-off "
     "signoff ja "
     "zustimm* rücksprache absprache "
     "zugestimmt einverstanden einverständnis* einwillig* eingewilligt sí acept* acuerdo conforme "
     "conformidad consentimiento permiso oui accord consentement concord* はい 確認を取 確認をと "
     "了解を得 同意 了承 承諾 "
     "了解 许可"},
    {change,
     m::consent | m::thing,
     "approv* authoriz* authoris* freigab* freigeb* freigegeben genehmig* aprob* aprueb* autoriz* "
     "autoris* approuv* aprova* 承認 許可 批准"},
    {observe, m::consent | m::thing, "confirm* bestätig* bestaetig* confirm* 承知 确认"},
    {none,
     m::person,
     "customer* client clients user users guest* patient patients patient's caller* tenant* owner* "
     "requester* requestor* traveller* traveler* passenger* member members buyer* recipient* "
     "shipper* student* kund* nutzer* benutzer* gast gastes gäste anfragende* eigner* eigentümer* "
     "auftraggeber* besteller* mieter* patienten* cliente* clienta* usuari* propietari* huésped* "
     "pacient* inquilin* solicitante* utilisateur* propriétaire* お客 お客様 顧客 客様 ユーザー "
     "利用者 "
     "生徒 患者 依頼者 会員 客户 用户 本人"},
    {none,
     m::person,
     "manager* supervisor* approver* lead boss board director* doctor* physician* reviewer* "
     "vorgesetzt* leiter* leitung arzt ärztin jefe jefa responsable* supervisora médico médica "
     "上司 責任者 担当者 担当医 医師 经理"},
    // Things.
    {none,
     m::amount,
     "price* cost costs fee fees amount amounts total totals surcharge* preis* "
     "kosten gebühr* gebuehr* betrag* betrags summe* precio* coste* costo* importe* "
     "cuota* tarifa* prix frais montant* preço* 金額 料金 価格 手数料 費用 代金 総額 "
     "合計 价格 费用"},
    {none, 0, "invoice* rechnung* factura* facture* fatura* 請求書 发票"},
    {none,
     0,
     "identit* authenticat* otp mfa kyc passcode auth login credential* passcode* authentifizier* "
     "legitimation* identität* identidad* autentic* "
     "本人確認 身元 身份"},
    {none, 0, "account* konto konten cuenta* compte comptes conta 口座 アカウント 账户"},
    {none, m::facts, "stock* inventor* bestand* lagerbestand* existencia* inventario* 在庫 库存"},
    {none, 0, "contract* vertrag* verträge* contrato* contrat* 契約 契約書 合同"},
    {none, 0, "coverage cover deckung* cobertura* couverture 補償 保障"},
    {none, 0, "address* adress* anschrift* direccion* dirección* endereço* 住所 地址"},
    {none, 0, "calendar* kalender* calendario* calendrier カレンダー 日程 日历"},
    {none, 0, "draft* entwurf* entwürfe* borrador* brouillon 下書き 草案 草稿"},
    {none, 0, "allerg* alergi* アレルギー 过敏"},
    {none, 0, "interact* wechselwirk* interaccion* 相互作用 飲み合わせ"},
    {none, 0, "medicat* medicine* medikament* medikation* medicament* médicament* 薬 服薬 药"},
    {none, 0, "prescription* rezept* receta* ordonnance* 処方箋 処方 处方"},
    {none, 0, "document* doc docs dokument* documento* documentos 書類 文書 文件"},
    {none, 0, "config* setting settings konfiguration* einstellung* configuraci* 設定 配置"},
    {none, 0, "budget* presupuesto* 予算 预算"},
    {none, 0, "discount* rabatt* descuento* remise* desconto* 割引 折扣"},
    {none, 0, "licen* lizenz* licencia* 免許 ライセンス 许可证"},
    {none,
     0,
     "deliver* lieferung* geliefert* zustell* zugestellt entrega* livraison* 配送 配達 納品 "
     "送货"},
    {none,
     m::time_slot,
     "appointment* termin termine termins terminen cita citas rendez* consulta 診察 予約枠"},
    {none, 0, "partition* 区画"},
    {none, 0, "database* datenbank* db dbs sql basededatos データベース 数据库"},
    {none, 0, "pullrequest* pr prs pull"},
    {none, 0, "tax taxes vat steuer* mwst impuesto* iva 税 税金 消費税"},
    {none, 0, "weather wetter* clima 天気 天气"},
    {none, 0, "wert werte blutdruckwert* measurement* messung* messwert* medición* 測定 測定値"},
});

}  // namespace

std::span<const Sense> senses() { return kSenses; }

}  // namespace infinium::maestro
